package org.larder.node.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the sentence for the operator in what the component runtime reports about a component that
 * does not take its configuration, where it would be the last line of a long stack trace.
 * Stateless.
 *
 * <p>A number that is none fails in the runtime itself, which does not tell the key: there the
 * method of the configuration, on top of the trace, has its name, with two underscores for one.
 */
final class RefusedConfiguration {
  private static final Pattern FROM_CONFIGURATION =
      Pattern.compile(
          "Error during instantiation of the implementation object"
              + "|The (activate|modified) method has thrown an exception");
  private static final Pattern REASON =
      Pattern.compile("java\\.lang\\.(IllegalArgument|NumberFormat)Exception: (.+)");
  private static final int DEPTH = 20;

  private RefusedConfiguration() {}

  /**
   * What is wrong with the configuration.
   *
   * @param message of the component runtime
   * @param thrown by the component; null for none
   * @return empty if this is about something else
   */
  static Optional<String> reason(String message, Throwable thrown) {
    if (thrown == null || !FROM_CONFIGURATION.matcher(message).find()) {
      return Optional.empty();
    }
    Optional<String> reason = Optional.empty();
    Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEPTH; depth++) {
      // The log service hands out copies of what was thrown, which have the class in their text.
      Matcher found = REASON.matcher(cause.toString());
      if (reason.isEmpty() && found.find()) {
        boolean number = found.group(1).equals("NumberFormat");
        reason = Optional.of(number ? noNumber(cause, found.group(2)) : found.group(2));
      }
      cause = cause.getCause();
    }
    return reason;
  }

  private static String noNumber(Throwable thrown, String text) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getClassName().contains("$Proxy")) {
        return frame.getMethodName().replace("__", "_") + " has to be a whole number. " + text;
      }
    }
    return text;
  }
}
