extension RunPage {
  /// How the page looks: on paper, on light and on dark screens, from a phone's width on.
  static let style = """
    :root { --back: #fff; --text: #1c1e22; --faint: #676c75; --line: #d9dce1; --accent: #1f6fd0; --bar: #cfe2f8; --note: #fff3cd; }
    @media (prefers-color-scheme: dark) {
      :root { --back: #16181c; --text: #e8eaee; --faint: #9499a2; --line: #3a3e46; --accent: #78beff; --bar: #24466b; --note: #4a3c10; }
    }
    * { box-sizing: border-box; }
    html { background: var(--back); color: var(--text); font: 15px/1.45 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
    body { max-width: 1360px; margin: 0 auto; padding: 24px 20px 60px; }
    h1 { font-size: 1.7em; margin: 0; overflow-wrap: anywhere; }
    h2 { font-size: 1.25em; margin: 44px 0 4px; }
    h3 { font-size: 1em; margin: 26px 0 6px; overflow-wrap: anywhere; }
    h3 small, .faint { color: var(--faint); font-weight: normal; }
    p { margin: 4px 0 10px; overflow-wrap: anywhere; }
    .note { background: var(--note); padding: 8px 12px; border-radius: 6px; }
    .means { display: flex; flex-wrap: wrap; gap: 10px 28px; margin-top: 22px; }
    .means div { display: flex; flex-direction: column; }
    .means b { font-size: 1.5em; font-variant-numeric: tabular-nums; line-height: 1.2; }
    .means div:first-child b { color: var(--accent); }
    .means span { color: var(--faint); font-size: .85em; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: 3px 12px 3px 0; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
    th:first-child, .words, .facts td { text-align: left; font-weight: normal; }
    td.words, .facts td { white-space: normal; overflow-wrap: anywhere; min-width: 16em; }
    .facts th { color: var(--faint); vertical-align: top; }
    .chosen { font-weight: 600; }
    thead th { font-weight: 600; }
    thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
    thead button:hover { color: var(--accent); }
    [aria-sort] button { color: var(--accent); }
    [aria-sort=ascending] button::after { content: " ↑"; }
    [aria-sort=descending] button::after { content: " ↓"; }
    td.bar { min-width: 11em; padding-left: 8px; background: linear-gradient(var(--bar), var(--bar)) 0 50% / var(--share) 70% no-repeat; }
    .swatch { display: inline-block; width: .8em; height: .8em; margin-right: .45em; border: 1px solid var(--line); border-radius: 2px; }
    .legend span { display: inline-block; margin-right: 1.1em; white-space: nowrap; }
    .matrix td, .matrix th { border: 0; padding: 0; }
    .matrix tbody td { width: 2.5em; min-width: 2.5em; height: 2.5em; text-align: center; font-size: .8em; border: 1px solid var(--back); background: var(--l); color: var(--li); }
    .matrix.small tbody td { width: 10px; min-width: 10px; height: 10px; }
    .matrix.small th { font-size: 8px; line-height: 1; }
    .matrix tbody th { padding-right: 8px; text-align: right; position: sticky; left: 0; background: var(--back); }
    .matrix thead th { vertical-align: bottom; text-align: left; font-weight: normal; }
    .matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); padding: 6px 0 0; display: block; margin: 0 auto; }
    .matrix tbody td[title]:hover { outline: 2px solid var(--accent); }
    input[type=search] { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; margin-bottom: 8px; width: 20em; max-width: 100%; }
    #images .wide { max-height: 75vh; overflow-y: auto; }
    #images thead th { position: sticky; top: 0; background: var(--back); }
    .views { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; outline-offset: 4px; }
    .views figure { margin: 0; min-width: 0; }
    .views figcaption { color: var(--faint); font-size: .85em; }
    .view { position: relative; overflow: hidden; background: #000; cursor: grab; touch-action: pan-y; }
    .zoomed .view { touch-action: none; }
    .view img { display: block; width: 100%; height: auto; transform-origin: 0 0; user-select: none; }
    .pixels .view img { image-rendering: pixelated; }
    .pointed .view::after { content: ""; position: absolute; left: var(--x); top: var(--y); width: 13px; height: 13px; margin: -7px 0 0 -7px; border: 1.5px solid #fff; border-radius: 50%; box-shadow: 0 0 0 1px #000; pointer-events: none; }
    footer { color: var(--faint); margin-top: 50px; font-size: .85em; }
    @media (prefers-color-scheme: dark) { .matrix tbody td { background: var(--d); color: var(--di); } }
    @media (max-width: 900px) { .views { grid-template-columns: repeat(2, 1fr); } body { padding: 16px 12px 40px; } td.bar { min-width: 7em; } }
    @media print {
      :root { --back: #fff; --text: #000; --faint: #555; --line: #ccc; --accent: #000; --bar: #ddd; --note: #eee; }
      html { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      .matrix tbody td { background: var(--l); color: var(--li); }
      body { max-width: none; padding: 0; }
      input { display: none; }
      .wide, #images .wide { overflow: visible; max-height: none; }
      article, tr { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
    }
    """
}
