package org.larder.rest;

import java.util.List;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.Field;
import org.larder.storage.model.FieldType;
import org.larder.storage.query.Filter;
import org.larder.storage.query.Order;
import org.larder.storage.query.Page;
import org.larder.storage.query.Query;

/**
 * A list as clients ask for it: {@code page} and {@code page_size} with a total, or {@code cursor}
 * and {@code limit} without; {@code sort_by} and {@code order}. Immutable.
 */
public final class ListRequest {
  /** Rows on a page at most. */
  public static final int PAGE_MAX = 1000;

  private static final int PAGE_DEFAULT = 20;
  private static final List<String> DIRECTIONS = List.of("asc", "desc");

  private final Query query;
  private final boolean byCursor;
  private final long page;

  private ListRequest(Query query, boolean byCursor, long page) {
    this.query = query;
    this.byCursor = byCursor;
    this.page = page;
  }

  /**
   * Reads the parameters, and checks them all.
   *
   * @param otherwise the order unless the client says another
   * @throws ProblemException 422 if a parameter is not valid
   */
  public static ListRequest of(
      QueryParameters parameters, CollectionSchema schema, Filter filter, Order otherwise) {
    Order order = order(parameters, schema, otherwise);
    boolean byCursor = parameters.has("cursor") || sent(parameters, "limit");
    if (byCursor && (sent(parameters, "page") || sent(parameters, "page_size"))) {
      parameters.invalid("cursor", "does not go with page and page_size");
    }
    String size = byCursor ? "limit" : "page_size";
    int rows = (int) parameters.integer(size, PAGE_DEFAULT, 1, PAGE_MAX);
    long page = byCursor ? 1 : parameters.integer("page", 1, 1, Integer.MAX_VALUE);
    parameters.check();
    Query query =
        Query.of(schema)
            .withFilter(filter)
            .withOrder(order.field().equals(schema.key().name()) ? key(order) : List.of(order))
            .withLimit(rows);
    if (!byCursor) {
      return new ListRequest(query.withOffset((page - 1) * rows).withTotal(), false, page);
    }
    Query bare = query;
    return new ListRequest(
        parameters.text("cursor").map(c -> bare.after(Cursors.decode(bare, c))).orElse(bare),
        true,
        page);
  }

  /** Without a value it counts as absent; an empty cursor alone means something: the first page. */
  private static boolean sent(QueryParameters parameters, String name) {
    return parameters.text(name).isPresent();
  }

  /** By the key, ascending, is what every query does without being told. */
  private static List<Order> key(Order order) {
    return order.descending() ? List.of(order) : List.of();
  }

  private static Order order(QueryParameters parameters, CollectionSchema schema, Order otherwise) {
    List<String> sortable =
        schema.fields().stream().filter(ListRequest::isSortable).map(Field::name).toList();
    String field = parameters.oneOf("sort_by", sortable).orElse(otherwise.field());
    boolean descending =
        parameters
            .oneOf("order", DIRECTIONS)
            .map(direction -> direction.equals("desc"))
            .orElse(otherwise.descending());
    return new Order(field, descending);
  }

  private static boolean isSortable(Field field) {
    return field.type().isOrdered()
        && field.type() != FieldType.TEXT
        && field.type() != FieldType.BYTES;
  }

  /** The question to ask. */
  public Query query() {
    return query;
  }

  /**
   * The reply: {@code total, page, page_size, total_pages, items}, or {@code items, next_cursor}.
   *
   * @param found the answer to {@link #query}
   */
  public JsonBody reply(Page found, RowWriter writer) {
    return reply(found, writer, json -> {});
  }

  /**
   * The same with further members of the object.
   *
   * @param more writes them; the object is open
   */
  public JsonBody reply(Page found, RowWriter writer, JsonBody more) {
    return json -> {
      json.writeStartObject();
      more.write(json);
      if (!byCursor) {
        long total = found.total().orElseThrow();
        json.writeNumberField("total", total);
        json.writeNumberField("page", page);
        json.writeNumberField("page_size", query.limit());
        json.writeNumberField("total_pages", (total + query.limit() - 1) / query.limit());
      }
      json.writeArrayFieldStart("items");
      for (var row : found.rows()) {
        writer.write(row, json);
      }
      json.writeEndArray();
      if (byCursor) {
        json.writeStringField(
            "next_cursor", found.next().map(place -> Cursors.encode(query, place)).orElse(null));
      }
      json.writeEndObject();
    };
  }
}
