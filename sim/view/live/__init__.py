"""A live standoff in a browser: the Mesa engine, steered by hand (`tanf view`)."""
