package org.larder.prove;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.larder.bench.load.KeySequence;
import org.larder.bench.node.Node;
import org.larder.bench.node.NodeSetup;
import org.larder.prove.check.Findings;
import org.larder.prove.check.ReadBack;
import org.larder.prove.database.DatabaseUnderProof;
import org.larder.prove.database.Premises;
import org.larder.prove.load.Answers;
import org.larder.prove.load.Load;
import org.larder.prove.load.LoadPlan;
import org.larder.prove.mischief.Mischief;
import org.larder.prove.mischief.Stage;
import org.larder.prove.mischief.Swap;
import org.larder.prove.node.Folders;
import org.larder.prove.node.NodeUnderProof;
import org.larder.prove.node.Routes;
import org.larder.prove.record.AckLog;
import org.larder.prove.record.Ledger;

/** One proof from an empty folder to the verdict; for one thread. */
final class Proof {
  private static final int LEAST_JOURNAL_MB = 64;

  /** A write that hangs is given up soon, and not after half a minute. */
  private static final Duration SHORT_WRITE_TIMEOUT = Duration.ofSeconds(2);

  private final ProveOptions options;
  private final Path work;
  private final Path record;
  private final PrintStream out;
  private final KeySequence keys;
  private final Answers answers = new Answers();
  private final Map<String, Path> onDisk = new LinkedHashMap<>();
  private boolean begun;

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
        "%s on %s%s (%s): %d writers, %d tasks/s, at least %d s, %d rounds, seed %d, in %s%n",
        options.kind(),
        options.backend(),
        options.writeConnections() == 1
            ? ""
            : ", written by " + options.writeConnections() + " connections",
        String.join(", ", options.ways()),
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

  /** What ends a proof is the node's fault, unless nothing was done to the node as yet. */
  private Result failed(Exception failure) {
    List<String> causes = new ArrayList<>();
    for (Throwable each = failure; each != null; each = each.getCause()) {
      causes.add(each.toString());
    }
    return new Result(
        options,
        answers,
        List.of(),
        Map.of(),
        Optional.empty(),
        Map.of(),
        begun ? causes : List.of(),
        begun ? List.of() : causes);
  }

  private Result prove() throws IOException {
    Path distribution = work.resolve("distribution");
    Folders.copy(options.distribution(), distribution);
    NodeSetup setup = setup(distribution);
    Node.writeConfiguration(setup);
    try (DatabaseUnderProof database = options.backend().database(options.writeConnections())) {
      database.begin(
          new Premises(setup, databaseFolder(setup), Premises.programsBeside(Proof.class)));
      try (NodeUnderProof node = NodeUnderProof.start(setup);
          AckLog log = new AckLog(record)) {
        Mischief mischief = options.kind().mischief();
        Stage stage = torment(mischief, database, node, log);
        mischief.judge(stage);
        stage.catchUp();
        Ledger ledger = Ledger.read(record);
        Findings findings = ReadBack.compare(node.node(), ledger, keys);
        return new Result(
            options,
            answers,
            stage.rounds(),
            stage.figures(),
            Optional.of(findings),
            copies(database, node, ledger),
            stage.faults(),
            stage.unproved());
      }
    }
  }

  /** What is in the other backends, each of which is made the primary for it. */
  private Map<String, Findings> copies(
      DatabaseUnderProof database, NodeUnderProof node, Ledger ledger) throws IOException {
    Map<String, Findings> copies = new LinkedHashMap<>();
    if (options.kind() == Kind.SWAP && Swap.leadElsewhere(options.ways())) {
      Routes routes = new Routes(node);
      List<String> backends = database.backends();
      for (int i = 1; i < backends.size(); i++) {
        routes.move(backends.get(i - 1), backends.get(i));
        copies.put(backends.get(i), ReadBack.compare(node.node(), ledger, keys));
      }
    }
    return copies;
  }

  private NodeSetup setup(Path distribution) throws IOException {
    NodeSetup shipped = NodeSetup.shipped(distribution, nodeFolder());
    if (options.kind() == Kind.DISKFULL) {
      // The journal writes into files that were made beforehand; small ones feel a full disk
      // sooner.
      return shipped.withBuffer("max_journal_mb", LEAST_JOURNAL_MB);
    }
    return Swap.leaveHanging(options.ways())
        ? shipped.withBuffer("write_timeout_ms", SHORT_WRITE_TIMEOUT.toMillis())
        : shipped;
  }

  private Path nodeFolder() throws IOException {
    return options.disks().isPresent()
        ? folderOn(options.disks().get().node(), "node")
        : Files.createDirectory(work.resolve("node"));
  }

  /** Beside the node's own, or on a disk of its own. */
  private Path databaseFolder(NodeSetup setup) throws IOException {
    return options.disks().isPresent() && !options.disks().get().isOne()
        ? folderOn(options.disks().get().database(), "database")
        : Files.createDirectories(setup.data());
  }

  /** A folder that was not there before: whatever else the disk holds is not ours to delete. */
  private Path folderOn(Path disk, String name) throws IOException {
    Files.createDirectories(disk);
    Path folder = Files.createTempDirectory(disk, "larder-prove-" + name + "-");
    onDisk.put(name, folder);
    return folder;
  }

  private Stage torment(
      Mischief mischief, DatabaseUnderProof database, NodeUnderProof node, AckLog log)
      throws IOException {
    begun = true;
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
      for (Map.Entry<String, Path> each : onDisk.entrySet()) {
        Folders.copy(each.getValue(), work.resolve(each.getKey()));
      }
      out.println("left for inspection: " + work);
    }
    for (Path each : onDisk.values()) {
      Folders.delete(each);
    }
  }
}
