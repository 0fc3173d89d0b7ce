package org.larder.node.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds the sentence for the operator in what the component runtime reports about a component that
 * does not take its configuration, where it would be the last line of a long stack trace.
 * Stateless.
 *
 * <p>A number that is none fails in the runtime itself, which does not tell the key: there the
 * method of the configuration, on top of the trace, has its name, with two underscores for one.
 * Other complaints come from where settings are read, which our classes are named after; from
 * anywhere else they are a mistake in a program, whose trace is wanted.
 */
final class RefusedConfiguration {
  private static final Pattern FROM_CONFIGURATION =
      Pattern.compile(
          "Error during instantiation of the implementation object"
              + "|The (activate|modified) method has thrown an exception");
  private static final Pattern REASON =
      Pattern.compile("java\\.lang\\.(IllegalArgument|NumberFormat)Exception: (.+)");
  private static final Pattern READS_SETTINGS =
      Pattern.compile("org\\.larder\\.[\\w.$]*(Settings|Options|Configuration)(\\$\\w+)*");
  private static final String PROXY = "$Proxy";
  private static final String REFLECTION = "java.lang.reflect.";
  private static final int DEPTH = 20;

  private RefusedConfiguration() {}

  /**
   * What is wrong with the configuration.
   *
   * @param message of the component runtime; null for none
   * @param thrown by the component; null for none
   * @return empty if this is about something else
   */
  static Optional<String> reason(String message, Throwable thrown) {
    if (message == null || thrown == null || !FROM_CONFIGURATION.matcher(message).find()) {
      return Optional.empty();
    }
    Optional<String> reason = Optional.empty();
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEPTH; depth++) {
      // The log service hands out copies of what was thrown, which have the class in their text.
      Matcher found = REASON.matcher(cause.toString());
      if (reason.isEmpty() && found.find() && isFromSettings(cause)) {
        boolean number = found.group(1).equals("NumberFormat");
        reason = Optional.of(number ? noNumber(cause, found.group(2)) : found.group(2));
      }
      cause = cause.getCause();
    }
    return reason;
  }

  private static boolean isFromSettings(Throwable thrown) {
    // The runtime calls a component by reflection; who called the runtime does not matter.
    return Stream.of(thrown.getStackTrace())
        .map(StackTraceElement::getClassName)
        .takeWhile(name -> !name.startsWith(REFLECTION))
        .anyMatch(name -> name.contains(PROXY) || READS_SETTINGS.matcher(name).matches());
  }

  private static String noNumber(Throwable thrown, String text) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getClassName().contains(PROXY)) {
        return frame.getMethodName().replace("__", "_") + " has to be a whole number. " + text;
      }
    }
    return text;
  }
}
