package org.larder.prove;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The program: does mischief to a node of its own and says whether anything was lost. */
public final class Prove {
  private static final int MISUSED = 2;

  private Prove() {}

  /** Ends with the exit code of the {@link Verdict}, or with 2 when the command line is wrong. */
  public static void main(String[] arguments) throws IOException {
    // A proof that is broken off leaves no node behind.
    Runtime.getRuntime().addShutdownHook(new Thread(Prove::endDescendants, "larder-prove-end"));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), out));
  }

  private static void endDescendants() {
    // With a small disk the child is a prover itself, and the node is a child of that one.
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  private static int run(List<String> arguments, PrintStream out) throws IOException {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.print(ProveCommandLine.HELP.formatted(ProveOptions.names(Backend.values())));
      return 0;
    }
    ProveOptions options;
    try {
      options = ProveOptions.parse(arguments);
      requireFiles(options);
    } catch (ProveOptions.BadOptionException e) {
      out.println("larder prove: " + e.getMessage());
      return MISUSED;
    }
    if (!mayWork(options, out)) {
      return Verdict.NOT_PROVED.exitCode();
    }
    if (options.kind() == Kind.DISKFULL && options.disks().isEmpty()) {
      return proveOnSmallDisk(options, arguments, out);
    }
    Path work =
        Files.createTempDirectory(
            Files.createDirectories(options.work()), "larder-prove-" + options.kind() + "-");
    return new Proof(options, work, out).run().exitCode();
  }

  private static void requireFiles(ProveOptions options) throws ProveOptions.BadOptionException {
    if (!Files.isExecutable(options.distribution().resolve("bin/larder"))) {
      throw new ProveOptions.BadOptionException(
          "there is no bin/larder in " + options.distribution());
    }
    Optional<Path> json = options.json();
    if (json.isPresent() && !Files.isWritable(json.get().resolveSibling(""))) {
      throw new ProveOptions.BadOptionException(
          "no file can be written at " + json.get() + ", named with --json");
    }
  }

  private static boolean mayWork(ProveOptions options, PrintStream out) {
    try {
      // Whether it can be written to is known only once it was.
      Files.delete(
          Files.createTempDirectory(Files.createDirectories(options.work()), "larder-prove-"));
      return true;
    } catch (IOException e) {
      out.println("NOT PROVED: nothing can be written in " + options.work() + " (" + e + ");");
      out.println("name a folder that can be written with --work");
      return false;
    }
  }

  private static int proveOnSmallDisk(ProveOptions options, List<String> arguments, PrintStream out)
      throws IOException {
    Optional<Integer> code = SmallDisk.runOn(options, arguments);
    if (code.isEmpty()) {
      out.println("NOT PROVED: a small disk can be mounted neither as root nor in a namespace");
      out.println("of its own; allow user namespaces, or mount one and name it with --disk");
    }
    return code.orElse(Verdict.NOT_PROVED.exitCode());
  }
}
