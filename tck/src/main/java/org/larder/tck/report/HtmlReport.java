package org.larder.tck.report;

import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;
import org.larder.storage.spi.Capability;

/** Writes a report as one page that needs nothing else, for people. */
final class HtmlReport {
  private static final String STYLE =
      """
      :root{--ok:#1a7f37;--gap:#9a6700;--bad:#cf222e;--line:#d0d7de;--dim:#57606a}
      body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:62rem;padding:1.5rem;color:#1f2328}
      header{border-left:.6rem solid;padding:.4rem 1rem;margin-bottom:1.5rem}
      .PASS{border-color:var(--ok)}.INCOMPLETE{border-color:var(--gap)}.FAIL{border-color:var(--bad)}
      b.PASS{color:var(--ok)}b.INCOMPLETE{color:var(--gap)}b.FAIL{color:var(--bad)}
      h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:1.6rem 0 .3rem}p{margin:.2rem 0}
      table{border-collapse:collapse;width:100%}
      th,td{text-align:left;vertical-align:top;padding:.25rem .6rem;border-bottom:1px solid var(--line)}
      th{color:var(--dim);font-weight:600}td.n{white-space:nowrap}
      .passed,.refused{color:var(--ok)}.not_applicable{color:var(--dim)}.not_tried{color:var(--gap)}
      .failed,.not_run{color:var(--bad);font-weight:600}
      summary{cursor:pointer;padding:.3rem 0}.dim{color:var(--dim)}
      pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.2rem 0;font-size:.85rem}
      """;

  private final StringBuilder html = new StringBuilder();

  private HtmlReport() {}

  static String of(Report report) {
    HtmlReport page = new HtmlReport();
    page.write(report);
    return page.html.toString();
  }

  private void write(Report report) {
    String kind = report.subject().map(Subject::kind).orElse(report.testClass());
    html.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>")
        .append(escape(report.verdict() + ": " + kind + " and the Larder contract"))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style></head>\n<body>\n<header class=\"")
        .append(report.verdict())
        .append("\"><h1>");
    text(report.verdict() + ": " + kind);
    html.append("</h1>");
    paragraph(explain(report.verdict()));
    paragraph(report.summary());
    html.append("</header>\n");
    report.troubles().forEach(this::trouble);
    facts(report);
    capabilities(report);
    html.append("<h2>The contract, part by part</h2>\n");
    report.parts().forEach(this::part);
    html.append("</body></html>\n");
  }

  private static String explain(Report.Verdict verdict) {
    return switch (verdict) {
      case PASS -> "The backend keeps the contract.";
      case INCOMPLETE ->
          "Nothing failed, but not all was tried: the test class has to offer what is named below.";
      case FAIL -> "The backend breaks the contract, or not all of the kit was run.";
    };
  }

  private void trouble(String trouble) {
    html.append("<pre class=\"failed\">").append(escape(trouble)).append("</pre>\n");
  }

  private void facts(Report report) {
    html.append("<h2>The backend</h2>\n<table>\n");
    report
        .subject()
        .ifPresentOrElse(
            subject -> {
              row("Kind", subject.kind());
              row("Name", subject.name());
              row("Also implements", String.join(", ", subject.mixins()));
            },
            () -> row("Kind", "unknown: it never opened"));
    row("Test class", report.testClass());
    row("Kit", report.kitVersion());
    row("Java", report.java());
    row("Date", report.date().truncatedTo(ChronoUnit.SECONDS).toString());
    html.append("</table>\n");
  }

  private void capabilities(Report report) {
    boolean tried = Stream.of(Capability.values()).anyMatch(each -> !report.about(each).isEmpty());
    if (report.subject().isEmpty() || !tried) {
      return;
    }
    html.append("<h2>Capabilities</h2>\n<table>\n");
    for (Capability capability : Capability.values()) {
      boolean declared = report.subject().get().capabilities().contains(capability);
      html.append("<tr><th>");
      text(capability.name());
      html.append("</th><td class=\"n\">").append(declared ? "declared" : "not declared");
      html.append("</td><td>");
      for (Finding finding : report.about(capability)) {
        html.append("<div>");
        outcome(finding.outcome());
        text(": " + finding.words());
        html.append("</div>");
      }
      html.append("</td></tr>\n");
    }
    html.append("</table>\n");
  }

  private void part(Report.Part part) {
    boolean open = part.verdict() != Report.Verdict.PASS;
    html.append(open ? "<details open>" : "<details>").append("<summary><b>");
    text(part.name());
    html.append("</b> · ");
    if (part.applies()) {
      html.append("<b class=\"").append(part.verdict()).append("\">");
      html.append(part.verdict()).append("</b> · ");
    }
    text(part.summary());
    html.append(" <span class=\"dim\">");
    text(part.promise());
    html.append("</span></summary>\n<table>\n");
    part.findings().forEach(this::finding);
    html.append("</table></details>\n");
  }

  private void finding(Finding finding) {
    html.append("<tr><td class=\"n\">");
    outcome(finding.outcome());
    html.append("</td><td title=\"").append(escape(finding.test())).append("\">");
    text(finding.words());
    if (!finding.reason().isEmpty()) {
      boolean block = finding.outcome() == Outcome.FAILED;
      html.append(block ? "<pre>" : "<div class=\"dim\">");
      text(finding.reason());
      html.append(block ? "</pre>" : "</div>");
    }
    html.append("</td><td class=\"n dim\">")
        .append(finding.took().toMillis())
        .append(" ms</td></tr>\n");
  }

  private void outcome(Outcome outcome) {
    html.append("<span class=\"").append(outcome.name().toLowerCase(Locale.ROOT)).append("\">");
    text(outcome.words());
    html.append("</span>");
  }

  private void row(String name, String value) {
    html.append("<tr><th>").append(escape(name)).append("</th><td>");
    text(value);
    html.append("</td></tr>\n");
  }

  private void paragraph(String sentence) {
    html.append("<p>").append(escape(sentence)).append("</p>");
  }

  private void text(String raw) {
    html.append(escape(raw));
  }

  private static String escape(String raw) {
    StringBuilder escaped = new StringBuilder();
    raw.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> {
                  boolean shown = c >= ' ' || c == '\n' || c == '\t';
                  boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
                  escaped.appendCodePoint(shown && !surrogate ? c : 0xfffd);
                }
              }
            });
    return escaped.toString();
  }
}
