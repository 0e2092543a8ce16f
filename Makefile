# Everything that a newcomer, a reviewer or CI runs. Each target sets up what it needs first; Python >= 3.11 and make are enough.
PYTHON_BIN = .venv/bin

# Hundreds of processes start here: without its bytecode each would compile the whole project again.
unexport PYTHONDONTWRITEBYTECODE

help:
	@echo "make audit              set up, then audit the demo portal"
	@echo "make audit URL=https:// set up, then audit a portal; ARGS='--lang en' adds options of wcag-audit"
	@echo "make test               set up, then ruff, mypy, hadolint and every test; ARGS='-k name' adds options of pytest"
	@echo "make fixtures           set up, then every fixture page of every rule, and the whole demo by Selenium (about ten minutes)"
	@echo "make hostile            set up, then every hostile page, and samples of all fixture portals (a quarter of an hour)"
	@echo "make resume-proof       set up, then kill an audit 30 times and compare; ARGS='--kills 5'"
	@echo "make crawl-memory       set up, then the most memory of a crawl of 500 and of 5,000 pages"
	@echo "make accuracy CASES=DIR set up, then score the rules over labelled cases; ARGS='--depth static'"
	@echo "make agreement          set up, then audit the clean twins ten times each: nothing failed, nothing untested, always the same"
	@echo "make reports            set up, then our own full audit of our own report, and every format of a large result, timed"
	@echo "make mutation           set up, then change served pages in every way and see which fingerprints survive (an hour)"
	@echo "make repeat             set up, then check every fixture portal twenty times and compare the gate's answers (under an hour)"
	@echo "make bench              set up, then us, the floor and five other tools over the same heavy pages (hours; needs Node)"
	@echo "make bench-quick        set up, then compare our ratios to the floor with the last recorded ones; ARGS=--record (3 minutes)"
	@echo "make bench-scale        set up, then how cost grows with elements, pages and outcomes; ARGS='elements --sizes 100,1000'"
	@echo "make batch-demo         set up, then a batch over a farm of 84 portals with a known truth; ARGS='--portals 8'"
	@echo "make batch-resume-proof set up, then kill a batch at 10 random moments: the result stays the same"
	@echo "make batch-cost         set up, then what batches of 10, 28 and 84 portals cost (two hours); ARGS='--sizes 10 84 --write'"
	@echo "make store-proof        set up, and moto's S3 server for this alone, then a batch whose workers share no folder; one is killed"
	@echo "make lint               set up, then ruff, mypy and hadolint only"
	@echo "make setup              .venv with the locked dependencies, a browser, fonts"
	@echo "make lock               write requirements*.lock anew; ARGS=--upgrade takes newer versions"
	@echo "make clean              remove .venv, caches and built packages"

setup:
	@sh scripts/setup.sh

audit: setup
	@$(PYTHON_BIN)/wcag-audit $(if $(URL),audit '$(URL)',demo) $(ARGS)

# Tests wait for browsers a good part of their time: more processes than a small machine has cores.
test: lint
	@$(PYTHON_BIN)/python -m pytest -q -n 4 $(ARGS)

# Every fixture page of every rule; make test takes one per verdict of the rules that judge recordings. And the whole demo by Selenium.
fixtures: setup
	@ALL_FIXTURES=1 $(PYTHON_BIN)/python -m pytest -q -n 4 tests/test_rules.py tests/test_audit.py $(ARGS)

# The clean twins of the fixture portals, ten audits each: an hour or so.
agreement: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/agreement.py $(ARGS)

# Every hostile page, and the samples of all fixture portals; make test takes a few.
hostile: setup
	@ALL_HOSTILE=1 $(PYTHON_BIN)/python -m pytest -q -s --timeout 3600 tests/test_hostile.py tests/test_portal_crawl.py $(ARGS)

resume-proof: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/resume_proof.py $(ARGS)

crawl-memory: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/crawl_memory.py $(ARGS)

lint: setup
	@$(PYTHON_BIN)/ruff check .
	@$(PYTHON_BIN)/hadolint Dockerfile
	@sh scripts/typecheck.sh "$$PWD/$(PYTHON_BIN)/python"

reports: setup
	@FULL_DEPTH=1 $(PYTHON_BIN)/python -m pytest -q tests/test_report_own_audit.py
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/reports.py $(ARGS)

accuracy: setup
	@test -n "$(CASES)" || { echo "make accuracy CASES=DIR: a folder of <source>/manifest.json is needed" >&2; exit 2; }
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/accuracy.py '$(CASES)' $(ARGS)

mutation: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/mutation.py $(ARGS)

repeat: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/repeat.py $(ARGS)

# Needs Node and npm, here only: the peers are installed below bench/peers.
bench: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/side_by_side.py $(ARGS)

# Ends with 1 where a ratio grew beyond noise, with 2 where none was recorded.
bench-quick: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/quick.py $(ARGS)

bench-scale: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/scale.py $(ARGS)

batch-demo: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/batch_demo.py $(ARGS)

batch-resume-proof: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/batch_resume.py $(ARGS)

batch-cost: setup
	@PYTHONPATH=. $(PYTHON_BIN)/python bench/batch_cost.py $(ARGS)

# What only this proof needs stands apart: it is larger than all that the tests need.
store-proof: setup
	@$(PYTHON_BIN)/python -m pip install --quiet --upgrade --target .venv/store-proof s3fs 'moto[s3]' flask flask-cors
	@PYTHONPATH=.:.venv/store-proof $(PYTHON_BIN)/python bench/store_proof.py $(ARGS)

lock:
	@sh scripts/lock.sh $(ARGS)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup audit test fixtures hostile resume-proof crawl-memory agreement reports lint accuracy mutation repeat batch-demo \
	batch-resume-proof store-proof batch-cost bench bench-quick bench-scale lock clean
