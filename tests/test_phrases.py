"""Phrases inside longer texts: with their diacritics, without any, and never with others."""

from __future__ import annotations

import unicodedata

import pytest

from wcag_audit.phrases import Phrases

PAUSE = Phrases(["dừng", "tạm dừng", "phát nhạc", "hòa âm", "đồ thị", "pause"], [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tạm dừng tin chạy", "tam dung"),
        ("TẠM DỪNG", "tam dung"),
        (unicodedata.normalize("NFD", "Nút dừng"), "dung"),
        ("tam dung tin chay", "tam dung"),
        ("nut dung", "dung"),
        ("Nút tam dung", "tam dung"),
        ("Bản hoà âm", "hoa am"),
        ("Chuông / pause", "pause"),
        ("Biểu đồ thị trường", "do thi"),
        ("Đến nội dung chính", ""),
        ("Xây dựng", ""),
        ("Sử dụng dịch vụ", ""),
        ("Dung lượng tệp: 2 MB", ""),
        ("Xử phạt nhạc sĩ", ""),
        ("Khu đô thị xanh", ""),
        ("pauses", ""),
        ("", ""),
    ],
)
def test_a_phrase_is_found_with_its_own_diacritics_or_without_any(text: str, found: str) -> None:
    assert PAUSE.found_in(text) == found


def test_the_longest_phrase_at_a_place_that_reads_right_is_found() -> None:
    phrases = Phrases(["xem", "xem thêm", "xem thềm"], [])
    assert phrases.found_in("Xem thêm tin") == "xem them"
    assert phrases.found_in("Xem thểm tin") == "xem"
