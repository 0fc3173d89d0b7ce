package org.larder.shell.internal;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.larder.buffer.BufferControl;
import org.larder.buffer.BufferStatus;
import org.larder.buffer.FlushResult;
import org.larder.buffer.FollowerStatus;
import org.larder.buffer.RecordReader;
import org.larder.storage.blob.QuotaBlobStore;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The commands. Called by the threads of any number of shells; keeps nothing between calls. */
@Component(
    service = Commands.class,
    property = {
      "osgi.command.scope=larder",
      "osgi.command.function=health",
      "osgi.command.function=backends",
      "osgi.command.function=collections",
      "osgi.command.function=buffer",
      "osgi.command.function=followers",
      "osgi.command.function=flush",
      "osgi.command.function=query",
      "osgi.command.function=stats",
      "osgi.command.function=recovery",
      "osgi.command.function=adopt",
      "osgi.command.function=help"
    })
public final class Commands {
  private static final Duration FLUSH_DEADLINE = Duration.ofSeconds(30);

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile BufferControl control;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile RecordReader reader;

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      fieldOption = FieldOption.REPLACE)
  private volatile List<Map.Entry<Map<String, Object>, QuotaBlobStore>> blobStores = List.of();

  /** Whether all is well. */
  @Descriptor("whether all is well, and if not, what is wrong")
  public void health(CommandSession session, String... words) {
    CommandRun.run(session, Help.HEALTH, words, arguments -> Reports.health(status()));
  }

  /** The backends and blob stores that are there. */
  @Descriptor("the backends and blob stores that are there, with state and size")
  public void backends(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.BACKENDS,
        words,
        arguments ->
            Reports.backends(status(), control().routes())
                + BlobReports.list(BlobReports.named(blobStores)));
  }

  /** The collections, or the fields of one. */
  @Descriptor("the collections, or the fields of one")
  public void collections(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.COLLECTIONS,
        words,
        arguments ->
            arguments.rest().isEmpty()
                ? Reports.collections(control().collections(), status())
                : Reports.collection(
                    control()
                        .collection(arguments.rest().get(0))
                        .orElseThrow(
                            () ->
                                new NoSuchElementException(
                                    "There is no collection " + arguments.rest().get(0)))));
  }

  /** The journal and what is still to be drained. */
  @Descriptor("what the journal holds and what is still to be drained")
  public void buffer(CommandSession session, String... words) {
    CommandRun.run(session, Help.BUFFER, words, arguments -> Reports.buffer(status()));
  }

  /** How far each backend has followed the journal. */
  @Descriptor("how far each backend has followed the journal")
  public void followers(CommandSession session, String... words) {
    CommandRun.run(session, Help.FOLLOWERS, words, arguments -> Reports.followers(status()));
  }

  /** Drains everything accepted so far. */
  @Descriptor("drain everything accepted so far")
  public void flush(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.FLUSH,
        words,
        arguments -> {
          Duration deadline =
              arguments.rest().isEmpty()
                  ? FLUSH_DEADLINE
                  : Duration.ofSeconds(Arguments.number(arguments.rest().get(0), 1, 3600));
          FlushResult result = control().flush(deadline);
          StringBuilder text = new StringBuilder();
          new TreeMap<>(result.written())
              .forEach(
                  (name, records) ->
                      text.append(Text.count(records)).append(" of ").append(name).append('\n'));
          return text + "Drained in " + Text.duration(result.took()) + ".\n";
        });
  }

  /** Records of a collection. */
  @Descriptor("records of a collection; larder:query --help lists the options")
  public void query(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.QUERY,
        words,
        arguments -> Records.query(control(), CommandRun.running(reader), arguments),
        Set.of("sort", "limit", "fields", "consistency"),
        Set.of("long"));
  }

  /** Totals since the start. */
  @Descriptor("totals since the start: items, forces, batches, memory")
  public void stats(CommandSession session, String... words) {
    CommandRun.run(session, Help.STATS, words, arguments -> Reports.stats(status()));
  }

  /** What the last start found in the journal. */
  @Descriptor("what the last start cut, quarantined and replayed")
  public void recovery(CommandSession session, String... words) {
    CommandRun.run(
        session, Help.RECOVERY, words, arguments -> Reports.recovery(control().recovery()));
  }

  /** Lets a halted follower take the store that it found, and a stale one fill its store anew. */
  @Descriptor("let a halted follower go on with the store that it found, fill a stale one anew")
  public void adopt(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.ADOPT,
        words,
        arguments -> {
          if (arguments.rest().size() != 1) {
            throw new IllegalArgumentException("Which follower? larder:followers lists them.");
          }
          String follower = arguments.rest().get(0);
          FollowerStatus found =
              status().followers().stream()
                  .filter(candidate -> candidate.name().equals(follower))
                  .findFirst()
                  .orElseThrow(
                      () -> new NoSuchElementException("There is no follower " + follower));
          if (!found.state().isAdoptable()) {
            return "Follower " + follower + " is neither halted nor stale; nothing to do.\n";
          }
          boolean isFilledAnew = found.state() == FollowerStatus.State.STALE;
          if (!isFilledAnew && !arguments.flags().contains("yes")) {
            return found.code() + ": " + found.message() + "\n" + Help.ADOPT_WARNING;
          }
          control().adopt(follower);
          return "Follower "
              + follower
              + (isFilledAnew ? " is filled anew" : " goes on")
              + "; see larder:followers.\n";
        },
        Set.of(),
        Set.of("yes"));
  }

  /** The list of commands. */
  @Descriptor("the commands of Larder")
  public void help(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.HELP,
        words,
        arguments ->
            arguments.rest().isEmpty() ? Help.all() : helpOn(arguments.rest().get(0)).text());
  }

  private static Help helpOn(String command) {
    return Help.of(command)
        .orElseThrow(() -> new NoSuchElementException("There is no command " + command));
  }

  private BufferControl control() {
    return CommandRun.running(control);
  }

  private BufferStatus status() {
    return control().status();
  }
}
