"""Which pages an audit looks at: addresses, scope, robots, sitemaps, the frontier, and what became of each page."""
