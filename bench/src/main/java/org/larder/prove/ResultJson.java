package org.larder.prove;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.larder.prove.check.Findings;
import org.larder.prove.load.Answers;
import org.larder.prove.mischief.Round;

/** Writes a result for programs. */
final class ResultJson {
  private ResultJson() {}

  static void write(Result result, Path file) throws IOException {
    JsonMapper mapper = new JsonMapper();
    ObjectNode root = mapper.createObjectNode();
    ProveOptions options = result.options();
    root.put("verdict", result.verdict().name().toLowerCase(Locale.ROOT));
    root.put("kind", options.kind().toString());
    root.put("backend", options.backend().toString());
    root.put("write_connections", options.writeConnections());
    options.ways().forEach(root.putArray("ways")::add);
    root.put("seed", options.seed());
    root.put("writers", options.writers());
    root.put("rate", options.rate());
    result.findings().ifPresent(findings -> put(root.putObject("tasks"), findings));
    ObjectNode copies = root.putObject("copies");
    result.copies().forEach((name, findings) -> put(copies.putObject(name), findings));
    put(root.putObject("writes"), result.answers());
    root.put("longest_gap_seconds", seconds(result.answers().longestGap()));
    root.put("longest_catch_up_seconds", seconds(result.longestCatchUp()));
    for (Round round : result.rounds()) {
      root.withArray("rounds")
          .addObject()
          .put("what", round.what())
          .put("took_seconds", seconds(round.took()))
          .put("caught_up_seconds", seconds(round.caughtUp()));
    }
    ObjectNode figures = root.putObject("figures");
    result.figures().forEach(figures::put);
    result.faults().forEach(root.putArray("faults")::add);
    result.unproved().forEach(root.putArray("unproved")::add);
    mapper.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), root);
  }

  private static void put(ObjectNode tasks, Findings findings) {
    tasks.put("acknowledged", findings.acknowledged());
    tasks.put("found", findings.found());
    tasks.put("lost", findings.lost());
    tasks.put("doubled", findings.doubled());
    tasks.put("altered", findings.altered());
    tasks.put("resurrected", findings.resurrected());
    tasks.put("unacknowledged_present", findings.unacknowledgedPresent());
    tasks.put("later_versions", findings.laterVersions());
    tasks.put("torn", findings.torn());
    tasks.put("foreign", findings.foreign());
    findings.examples().forEach(tasks.putArray("examples")::add);
  }

  private static void put(ObjectNode writes, Answers answers) {
    writes.put("accepted", answers.requests());
    writes.put("tasks", answers.items());
    writes.put("deletions", answers.deletions());
    ObjectNode others = writes.putObject("others");
    answers.others().forEach(others::put);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
