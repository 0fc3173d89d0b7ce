package org.larder.shell.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import org.larder.buffer.Answer;
import org.larder.buffer.BufferControl;
import org.larder.buffer.Consistency;
import org.larder.buffer.RecordReader;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.Row;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;
import org.larder.storage.query.Queries;
import org.larder.storage.query.Query;

/** Asks for records and prints them. */
final class Records {
  private static final int MOST_ROWS = 1_000;
  private static final int FIELDS_SHOWN = 5;

  private Records() {}

  static String query(BufferControl control, RecordReader reader, Arguments arguments) {
    if (arguments.rest().isEmpty()) {
      throw new IllegalArgumentException("Which collection? larder:collections lists them.");
    }
    String name = arguments.rest().get(0);
    CollectionSchema schema =
        control
            .collection(name)
            .orElseThrow(() -> new NoSuchElementException("There is no collection " + name));
    int limit = Arguments.number(arguments.option("limit", "20"), 1, MOST_ROWS);
    Query query =
        Query.of(schema)
            .withFilter(
                Conditions.parse(schema, arguments.rest().subList(1, arguments.rest().size())))
            .withOrder(order(arguments.option("sort", "")))
            .withLimit(limit)
            .withTotal();
    Queries.check(query);
    List<Field> fields = fields(schema, arguments);
    Answer<Page> answer =
        reader.query(query, Consistency.ofWireName(arguments.option("consistency", "stored")));
    Page page = answer.value();
    StringBuilder text = new StringBuilder();
    if (arguments.flags().contains("long")) {
      page.rows().forEach(row -> text.append(inFull(row, fields)).append('\n'));
    } else if (!page.rows().isEmpty()) {
      Table table = new Table(fields.stream().map(Field::name).toList());
      page.rows().forEach(row -> table.row(cells(row, fields)));
      text.append(table);
    }
    long total = page.total().orElse(page.rows().size());
    return text.append(Text.count(page.rows().size()))
        .append(" of ")
        .append(Text.count(total))
        .append(" from ")
        .append(answer.source())
        .append('\n')
        .toString();
  }

  /** One field a line, nothing cut off. */
  static String inFull(Row row) {
    return inFull(row, row.schema().fields());
  }

  private static String inFull(Row row, List<Field> fields) {
    int width = fields.stream().mapToInt(field -> field.name().length()).max().orElse(0);
    StringBuilder text = new StringBuilder();
    for (Field field : fields) {
      String padding = " ".repeat(width - field.name().length());
      text.append(field.name())
          .append(padding)
          .append("  ")
          .append(Text.oneLine(value(row, field)))
          .append('\n');
    }
    return text.toString();
  }

  private static List<String> cells(Row row, List<Field> fields) {
    return fields.stream().map(field -> value(row, field)).toList();
  }

  private static String value(Row row, Field field) {
    Object value = row.value(field.name());
    if (value instanceof byte[] bytes) {
      return bytes.length + " bytes";
    }
    return value == null ? "" : value.toString();
  }

  private static List<Order> order(String sort) {
    if (sort.isEmpty()) {
      return List.of();
    }
    return List.of(
        sort.startsWith("-") ? Order.descending(sort.substring(1)) : Order.ascending(sort));
  }

  private static List<Field> fields(CollectionSchema schema, Arguments arguments) {
    String wanted = arguments.option("fields", "");
    if (!wanted.isEmpty()) {
      return new ArrayList<>(Arrays.stream(wanted.split(",")).map(schema::field).toList());
    }
    boolean all = arguments.flags().contains("long");
    return schema
        .fields()
        .subList(0, all ? schema.fields().size() : Math.min(FIELDS_SHOWN, schema.fields().size()));
  }
}
