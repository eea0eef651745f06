"""Twenty texts that would do harm on a page that took them for more than texts."""

HOSTILE = (
    "<script>window.harmed=1</script>",
    "</script><script>window.harmed=1</script>",
    "</title><img src=x onerror=window.harmed=1>",
    "<!--<script>",
    "--><svg onload=window.harmed=1>",
    '"><img src=x onerror="window.harmed=1">',
    "' onmouseover='window.harmed=1",
    "javascript:window.harmed=1",
    "{{ 7 * 7 }}",
    "{% raw %}${window.harmed=1}",
    "\u2028window.harmed=1\u2029",
    "\\u003cscript\\u003ewindow.harmed=1\\u003c/script\\u003e",
    "<iframe srcdoc='<script>parent.harmed=1</script>'></iframe>",
    "<style>*{display:none}</style>",
    "</style><base href=//example.org>",
    "<a href='javascript:window.harmed=1' autofocus onfocus=window.harmed=1>x</a>",
    "&lt;script&gt;window.harmed=1&lt;/script&gt;",
    "<math><mi xlink:href='data:x,<script>harmed=1</script>'>",
    '=HYPERLINK("http://example.org","x")',
    "\u202e<\u0000b>\U0001f600$\\frac{1}{0}$",
)
