package org.larder.shell.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was typed after a command: options that take a value, flags, and the rest.
 *
 * @param options values by name, without the dashes
 * @param flags names, without the dashes
 * @param rest what begins with no dashes
 */
record Arguments(Map<String, String> options, Set<String> flags, List<String> rest) {

  /**
   * Takes the words apart.
   *
   * @throws IllegalArgumentException names the word that does not belong
   */
  static Arguments parse(String[] words, Set<String> withValue, Set<String> withoutValue) {
    Map<String, String> options = new HashMap<>();
    List<String> flags = new ArrayList<>();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (!word.startsWith("--")) {
        rest.add(word);
        continue;
      }
      String name = word.substring(2);
      if (withoutValue.contains(name)) {
        flags.add(name);
      } else if (!withValue.contains(name)) {
        throw new IllegalArgumentException("There is no option " + word);
      } else if (i + 1 == words.length || words[i + 1].startsWith("--")) {
        throw new IllegalArgumentException(word + " needs a value");
      } else if (options.put(name, words[++i]) != null) {
        throw new IllegalArgumentException(word + " is there twice; one value is all it takes");
      }
    }
    return new Arguments(options, Set.copyOf(flags), rest);
  }

  /**
   * Refuses words that would be ignored.
   *
   * @throws IllegalArgumentException names the first word after so many without dashes
   */
  Arguments withAtMost(int most, String command) {
    if (rest.size() > most) {
      throw new IllegalArgumentException(
          "'"
              + rest.get(most)
              + "' is a word too many, and nothing was done: see larder:"
              + command
              + " --help");
    }
    return this;
  }

  String option(String name, String otherwise) {
    return options.getOrDefault(name, otherwise);
  }

  /**
   * A whole number.
   *
   * @throws IllegalArgumentException says what is wrong with it
   */
  static int number(String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no whole number", e);
    }
    throw new IllegalArgumentException(text + " is not between " + least + " and " + most);
  }
}
