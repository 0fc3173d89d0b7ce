package org.larder.shell.internal;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.larder.buffer.BufferControl;
import org.larder.buffer.DeadLetter;
import org.larder.buffer.LetterFilter;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The commands about dead letters. Called by the threads of any number of shells. */
@Component(
    service = LetterCommands.class,
    property = {
      "osgi.command.scope=larder",
      "osgi.command.function=dead",
      "osgi.command.function=replay",
      "osgi.command.function=discard"
    })
public final class LetterCommands {
  private static final Duration REPLAY_DEADLINE = Duration.ofSeconds(30);
  private static final Set<String> FILTERS = Set.of("collection", "sequence");

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile BufferControl control;

  /** What backends refused. */
  @Descriptor("what backends refused, or one of these letters in full")
  public void dead(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.DEAD,
        words,
        arguments -> {
          List<DeadLetter> letters = CommandRun.running(control).deadLetters();
          return arguments.rest().isEmpty()
              ? LetterReports.list(letters)
              : LetterReports.inFull(letters, sequence(arguments.rest().get(0)));
        });
  }

  /** Offers dead letters once more. */
  @Descriptor("offer dead letters to their backend once more")
  public void replay(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.REPLAY,
        words,
        arguments -> {
          String follower = follower(arguments);
          LetterFilter filter = filter(arguments);
          if (!isChoice(arguments)) {
            return LetterReports.choice(
                lettersOf(follower, filter), "Repeat with a key, a --sequence, or with --all.\n");
          }
          return LetterReports.replayed(
              CommandRun.running(control).replay(follower, filter, REPLAY_DEADLINE));
        },
        FILTERS,
        Set.of("all"));
  }

  /** Gives dead letters up. */
  @Descriptor("give dead letters up for good")
  public void discard(CommandSession session, String... words) {
    CommandRun.run(
        session,
        Help.DISCARD,
        words,
        arguments -> {
          String follower = follower(arguments);
          LetterFilter filter = filter(arguments);
          if (!isChoice(arguments) || !arguments.flags().contains("yes")) {
            return LetterReports.choice(
                lettersOf(follower, filter),
                isChoice(arguments) ? Help.DISCARD_WARNING : Help.DISCARD_WHICH);
          }
          int discarded = CommandRun.running(control).discard(follower, filter);
          return Text.count(discarded) + " discarded.\n";
        },
        FILTERS,
        Set.of("all", "yes"));
  }

  private List<DeadLetter> lettersOf(String follower, LetterFilter filter) {
    return CommandRun.running(control).deadLetters().stream()
        .filter(letter -> letter.follower().equals(follower))
        .filter(filter::matches)
        .toList();
  }

  private String follower(Arguments arguments) {
    if (arguments.rest().isEmpty()) {
      throw new IllegalArgumentException("Which follower? larder:followers names them.");
    }
    String name = arguments.rest().get(0);
    if (CommandRun.running(control).status().followers().stream()
        .noneMatch(follower -> follower.name().equals(name))) {
      throw new NoSuchElementException(
          "There is no follower " + name + "; larder:followers names them");
    }
    return name;
  }

  /** True if it is said which letters are meant: a collection alone is not enough. */
  private static boolean isChoice(Arguments arguments) {
    return arguments.rest().size() > 1
        || arguments.options().containsKey("sequence")
        || arguments.flags().contains("all");
  }

  /** The letters that are meant, or that there are to choose from. */
  static LetterFilter filter(Arguments arguments) {
    Optional<String> collection = Optional.ofNullable(arguments.options().get("collection"));
    Optional<String> key = arguments.rest().stream().skip(1).findFirst();
    String one = arguments.options().get("sequence");
    OptionalLong sequence = one == null ? OptionalLong.empty() : OptionalLong.of(sequence(one));
    if ((key.isPresent() || sequence.isPresent()) && arguments.flags().contains("all")) {
      throw new IllegalArgumentException("A key or a sequence, or --all: not both");
    }
    return new LetterFilter(collection, key, sequence);
  }

  private static long sequence(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no sequence", e);
    }
  }
}
