package org.larder.rest;

import jakarta.ws.rs.core.MultivaluedMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.larder.buffer.Consistency;
import org.larder.storage.model.Row;

/**
 * A request's query parameters, read by type. What is not valid is noted, and {@link #check} tells
 * all of it at once; a parameter without a value counts as absent, one that nobody asks for is
 * ignored. For one thread.
 */
public final class QueryParameters {
  private static final long MICROS_A_DAY = TimeUnit.DAYS.toMicros(1);

  private final MultivaluedMap<String, String> values;
  private final List<Problem.FieldError> errors = new ArrayList<>();

  /** Reads these parameters. */
  public QueryParameters(MultivaluedMap<String, String> values) {
    this.values = values;
  }

  /** True if the parameter was sent, with a value or without. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The parameter's first value as it is. */
  public Optional<String> text(String name) {
    String value = values.getFirst(name);
    return value == null || value.isEmpty() ? Optional.empty() : Optional.of(value);
  }

  /** One of the given words, whatever its case. */
  public Optional<String> oneOf(String name, List<String> words) {
    Optional<String> value = text(name).map(word -> word.toLowerCase(Locale.ROOT));
    if (value.isPresent() && !words.contains(value.get())) {
      invalid(name, "is not one of " + String.join(", ", words));
      return Optional.empty();
    }
    return value;
  }

  /** A whole number within bounds, both inclusive. */
  public long integer(String name, long otherwise, long least, long most) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value.get().strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as if it were out of range
    }
    invalid(name, "is not a whole number from " + least + " to " + most);
    return otherwise;
  }

  /** True or false. */
  public boolean flag(String name, boolean otherwise) {
    return oneOf(name, List.of("true", "false", "1", "0", "yes", "no"))
        .map(word -> Arrays.asList("true", "1", "yes").contains(word))
        .orElse(otherwise);
  }

  /** A time; a date means its beginning. */
  public Optional<Instant> from(String name) {
    return micros(name).map(Row::instant);
  }

  /** A time that ends an inclusive range; a date means its last microsecond. */
  public Optional<Instant> to(String name) {
    return micros(name)
        .map(micros -> isDate(name) ? micros + MICROS_A_DAY - 1 : micros)
        .map(Row::instant);
  }

  private boolean isDate(String name) {
    return Instants.isDate(text(name).orElseThrow().strip());
  }

  private Optional<Long> micros(String name) {
    Optional<String> value = text(name).map(String::strip);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    OptionalLong micros = Instants.parse(value.get());
    if (micros.isEmpty()) {
      // A plus sign that was not escaped arrives as a space.
      micros = Instants.parse(value.get().replaceFirst("(?<=:\\d\\d[\\d.]{0,10}) (?=\\d\\d)", "+"));
    }
    if (micros.isEmpty()) {
      invalid(name, "is not an ISO 8601 time");
      return Optional.empty();
    }
    return Optional.of(micros.getAsLong());
  }

  /** An ISO 8601 duration of zero or more: {@code PT10M}, {@code P1DT6H}, {@code P2W}. */
  public Optional<Duration> duration(String name) {
    Optional<String> value = text(name).map(String::strip);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    try {
      String iso = value.get().toUpperCase(Locale.ROOT);
      Duration duration =
          iso.matches("P\\d{1,4}W")
              ? Duration.ofDays(7L * Integer.parseInt(iso.substring(1, iso.length() - 1)))
              : Duration.parse(iso);
      if (!duration.isNegative() && duration.toDays() <= 36_500) {
        return Optional.of(duration);
      }
    } catch (DateTimeException | ArithmeticException e) {
      // told below
    }
    invalid(name, "is not an ISO 8601 duration such as PT10M");
    return Optional.empty();
  }

  /** How much of what was acknowledged the reply has to show. */
  public Consistency consistency() {
    return oneOf("consistency", List.of("stored", "buffered", "flushed"))
        .map(Consistency::ofWireName)
        .orElse(Consistency.STORED);
  }

  /**
   * Notes all parameters that are not among these, or have no value. For orders whose parameters
   * say what they are about: one that is misspelt or empty would order more than was meant.
   */
  public void allow(Collection<String> names) {
    values
        .keySet()
        .forEach(
            name -> {
              if (!names.contains(name)) {
                invalid(name, "is not known here; there are " + String.join(", ", names));
              } else if (text(name).isEmpty()) {
                invalid(name, "has no value");
              }
            });
  }

  /** Notes that a parameter is not valid. */
  public void invalid(String name, String message) {
    errors.add(new Problem.FieldError(name, message));
  }

  /**
   * Ends the request if anything was not valid.
   *
   * @throws ProblemException 422 with every parameter that was not
   */
  public void check() {
    if (!errors.isEmpty()) {
      throw Problem.invalid("A query parameter is not valid").withErrors(errors).exception();
    }
  }
}
