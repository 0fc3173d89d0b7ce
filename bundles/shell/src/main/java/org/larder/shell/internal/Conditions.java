package org.larder.shell.internal;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.query.Filter;

/** Turns {@code status=pending} and {@code created_at:ge=2026-01-01T00:00:00Z} into a filter. */
final class Conditions {
  private static final Pattern CONDITION =
      Pattern.compile("(?<field>[a-z0-9_]+)(?::(?<operator>[a-z]+))?=(?<value>.*)", Pattern.DOTALL);

  private Conditions() {}

  static Filter parse(CollectionSchema schema, List<String> words) {
    List<Filter> terms = new ArrayList<>();
    for (String word : words) {
      Matcher matcher = CONDITION.matcher(word);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "'" + word + "' is no condition; one looks like status=pending");
      }
      terms.add(
          condition(
              schema.field(matcher.group("field")),
              matcher.group("operator") == null ? "eq" : matcher.group("operator"),
              matcher.group("value")));
    }
    return new Filter.And(terms);
  }

  private static Filter condition(Field field, String sign, String text) {
    if (text.equals("null") && sign.equals("eq")) {
      return new Filter.IsNull(field.name());
    }
    if (text.equals("null") && sign.equals("ne")) {
      return new Filter.Not(new Filter.IsNull(field.name()));
    }
    Filter.Operator operator =
        switch (sign) {
          case "eq" -> Filter.Operator.EQ;
          case "ne" -> Filter.Operator.NE;
          case "lt" -> Filter.Operator.LT;
          case "le" -> Filter.Operator.LE;
          case "gt" -> Filter.Operator.GT;
          case "ge" -> Filter.Operator.GE;
          case "prefix" -> Filter.Operator.PREFIX;
          case "contains" -> Filter.Operator.CONTAINS;
          default ->
              throw new IllegalArgumentException(
                  "'" + sign + "' is none of eq, ne, lt, le, gt, ge, prefix, contains");
        };
    return new Filter.Comparison(field.name(), operator, operand(field, text));
  }

  private static Object operand(Field field, String text) {
    try {
      return switch (field.type()) {
        case STRING, TEXT -> text;
        case INT64 -> Long.valueOf(text);
        case FLOAT64 -> Double.valueOf(text);
        case DECIMAL -> new BigDecimal(text);
        case BOOL -> Boolean.valueOf(text);
        case INSTANT -> Instant.parse(text);
        case JSON, BYTES ->
            throw new IllegalArgumentException(field.name() + " cannot be compared");
      };
    } catch (NumberFormatException | DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' does not fit " + field, e);
    }
  }
}
