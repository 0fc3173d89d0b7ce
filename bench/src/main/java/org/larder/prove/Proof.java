package org.larder.prove;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.larder.bench.load.KeySequence;
import org.larder.bench.node.Node;
import org.larder.bench.node.NodeSetup;
import org.larder.prove.check.Findings;
import org.larder.prove.check.ReadBack;
import org.larder.prove.database.DatabaseUnderProof;
import org.larder.prove.load.Answers;
import org.larder.prove.load.Load;
import org.larder.prove.load.LoadPlan;
import org.larder.prove.mischief.Mischief;
import org.larder.prove.mischief.Stage;
import org.larder.prove.node.Folders;
import org.larder.prove.node.NodeUnderProof;
import org.larder.prove.record.AckLog;
import org.larder.prove.record.Ledger;

/** One proof from an empty folder to the verdict; for one thread. */
final class Proof {
  private static final int LEAST_JOURNAL_MB = 64;

  private final ProveOptions options;
  private final Path work;
  private final Path record;
  private final PrintStream out;
  private final KeySequence keys;
  private final Answers answers = new Answers();
  private Optional<Path> onDisk = Optional.empty();

  /** In that empty folder. */
  Proof(ProveOptions options, Path work, PrintStream out) {
    this.options = options;
    this.work = work;
    this.record = work.resolve("acknowledged.log");
    this.out = out;
    this.keys = KeySequence.random(options.seed());
  }

  /** Does it, prints what came out, and tidies up unless something is wrong. */
  Verdict run() throws IOException {
    out.printf(
        "%s on %s: %d writers, %d tasks/s, at least %d s, %d rounds, seed %d, in %s%n",
        options.kind(),
        options.backend(),
        options.writers(),
        options.rate(),
        options.seconds(),
        options.rounds(),
        options.seed(),
        work);
    Result result;
    try {
      result = prove();
    } catch (IOException | RuntimeException e) {
      result = failed(e);
    }
    new ResultTable(out).print(result);
    if (options.json().isPresent()) {
      ResultJson.write(result, options.json().get());
    }
    tidyUp(result.verdict());
    out.println(result.verdict().name().replace('_', ' '));
    return result.verdict();
  }

  private Result failed(Exception failure) {
    List<String> faults = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      faults.add(each.toString());
    }
    return new Result(options, answers, List.of(), Map.of(), Optional.empty(), faults, List.of());
  }

  private Result prove() throws IOException {
    Path distribution = work.resolve("distribution");
    Folders.copy(options.distribution(), distribution);
    NodeSetup setup = setup(distribution);
    Node.writeConfiguration(setup);
    try (DatabaseUnderProof database = options.backend().database()) {
      database.begin(setup);
      try (NodeUnderProof node = NodeUnderProof.start(setup);
          AckLog log = new AckLog(record)) {
        Mischief mischief = options.kind().mischief();
        Stage stage = torment(mischief, database, node, log);
        mischief.judge(stage);
        stage.catchUp();
        Findings findings = ReadBack.compare(node.node(), Ledger.read(record), keys);
        return new Result(
            options,
            answers,
            stage.rounds(),
            stage.figures(),
            Optional.of(findings),
            stage.faults(),
            stage.unproved());
      }
    }
  }

  private NodeSetup setup(Path distribution) throws IOException {
    NodeSetup shipped = NodeSetup.shipped(distribution, nodeFolder());
    // The journal writes into files that were made beforehand; small ones feel a full disk sooner.
    return options.kind() == Kind.DISKFULL
        ? shipped.withBuffer("max_journal_mb", LEAST_JOURNAL_MB)
        : shipped;
  }

  private Path nodeFolder() throws IOException {
    if (options.disk().isEmpty()) {
      return Files.createDirectory(work.resolve("node"));
    }
    // A folder that was not there before: whatever else the disk holds is not ours to delete.
    Path disk = Files.createDirectories(options.disk().get());
    Path folder = Files.createTempDirectory(disk, "larder-prove-node-");
    onDisk = Optional.of(folder);
    return folder;
  }

  private Stage torment(
      Mischief mischief, DatabaseUnderProof database, NodeUnderProof node, AckLog log)
      throws IOException {
    LoadPlan plan = new LoadPlan(options.writers(), options.rate(), options.seed());
    try (Load load = Load.begin(plan, keys, log, answers, node::port)) {
      Stage stage = new Stage(options, database, node, answers, load, out);
      mischief.run(stage);
      stage.rest(options.rounds() + 1);
      return stage;
    }
  }

  private void tidyUp(Verdict verdict) throws IOException {
    if (verdict == Verdict.PROVED && !options.keep()) {
      Folders.delete(work);
    } else {
      if (onDisk.isPresent()) {
        Folders.copy(onDisk.get(), work.resolve("node"));
      }
      out.println("left for inspection: " + work);
    }
    if (onDisk.isPresent()) {
      Folders.delete(onDisk.get());
    }
  }
}
