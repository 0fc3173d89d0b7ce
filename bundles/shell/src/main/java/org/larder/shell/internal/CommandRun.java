package org.larder.shell.internal;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.apache.felix.service.command.CommandSession;
import org.larder.buffer.BufferException;

/** Runs one command as every command is run. Stateless. */
final class CommandRun {
  private CommandRun() {}

  /** What a command does. */
  interface Action {
    /** The text to print. */
    String run(Arguments arguments);
  }

  static void run(CommandSession session, Help help, String[] words, Action action) {
    run(session, help, words, action, Set.of(), Set.of());
  }

  /** Prints what the action says; a failed one becomes a sentence, never a stack trace. */
  static void run(
      CommandSession session,
      Help help,
      String[] words,
      Action action,
      Set<String> withValue,
      Set<String> withoutValue) {
    if (List.of(words).contains("--help")) {
      session.getConsole().print(help.text());
      return;
    }
    try {
      String text =
          action.run(
              Arguments.parse(words, withValue, withoutValue)
                  .withAtMost(help.words(), help.command()));
      session.getConsole().print(text);
      session.getConsole().flush();
    } catch (BufferException e) {
      throw new CommandFailedException(e.reason().code() + ": " + e.getMessage(), e);
    } catch (IllegalArgumentException | IllegalStateException | NoSuchElementException e) {
      throw new CommandFailedException(e.getMessage(), e);
    }
  }

  /** The buffer, if it runs. */
  static <T> T running(T service) {
    if (service == null) {
      throw new IllegalStateException(
          "The buffer is not running; its bundle or its configuration is missing.");
    }
    return service;
  }
}
