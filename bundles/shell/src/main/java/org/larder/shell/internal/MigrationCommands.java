package org.larder.shell.internal;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.larder.buffer.BufferControl;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.MigrationRequest.End;
import org.larder.buffer.Migrations;
import org.larder.buffer.Route;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The command about migrations. Called by the threads of any number of shells. */
@Component(
    service = MigrationCommands.class,
    property = {"osgi.command.scope=larder", "osgi.command.function=migrate"})
public final class MigrationCommands {
  private static final String WHICH =
      "Which? larder:migrate <collection|all> <from> <to>, or larder:migrate status|rollback|cancel"
          + " <id>; without words it lists them.";

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile BufferControl control;

  /** Begins a migration, or shows and steers those there are. */
  @Descriptor("move a collection to another backend while writes go on")
  public void migrate(CommandSession session, String... words) {
    CommandRun.run(
        session, Help.MIGRATE, words, this::run, Set.of(), Set.of("dry-run", "mirror", "primary"));
  }

  private String run(Arguments arguments) {
    requireNoFlagsButOfStart(arguments);
    Migrations migrations = CommandRun.running(control).migrations();
    List<String> words = arguments.rest();
    if (words.isEmpty()) {
      return MigrationReports.list(migrations.list());
    }
    if (words.size() == 3) {
      return start(migrations, words, arguments.flags());
    }
    if (words.size() == 1) {
      if (words.get(0).equals("status")) {
        return MigrationReports.list(migrations.list());
      }
      throw new IllegalArgumentException(WHICH);
    }
    long id = Arguments.number(words.get(1), 1, Integer.MAX_VALUE);
    return MigrationReports.inFull(
        switch (words.get(0)) {
          case "status" ->
              migrations
                  .find(id)
                  .orElseThrow(() -> new NoSuchElementException("There is no migration " + id));
          case "rollback" -> migrations.rollBack(id);
          case "cancel" -> migrations.cancel(id);
          default -> throw new IllegalArgumentException(WHICH);
        });
  }

  /** A flag that is passed over is worst with rollback, which would do what was to be tried. */
  static void requireNoFlagsButOfStart(Arguments arguments) {
    if (arguments.rest().size() != 3 && !arguments.flags().isEmpty()) {
      throw new IllegalArgumentException(
          "Nothing was done: --"
              + String.join(" and --", new TreeSet<>(arguments.flags()))
              + " goes with larder:migrate <collection|all> <from> <to> alone");
    }
  }

  private static String start(Migrations migrations, List<String> words, Set<String> flags) {
    if (flags.contains("mirror") && flags.contains("primary")) {
      throw new IllegalArgumentException("It ends as --mirror or as --primary, not as both");
    }
    End end =
        flags.contains("mirror")
            ? End.MIRROR
            : flags.contains("primary") ? End.PRIMARY : End.AUTOMATIC;
    // The shell makes file names of a bare asterisk.
    String collection = words.get(0).equals("all") ? Route.ALL : words.get(0);
    MigrationRequest request = new MigrationRequest(collection, words.get(1), words.get(2), end);
    return flags.contains("dry-run")
        ? MigrationReports.plan(migrations.plan(request))
        : MigrationReports.inFull(migrations.start(request));
  }
}
