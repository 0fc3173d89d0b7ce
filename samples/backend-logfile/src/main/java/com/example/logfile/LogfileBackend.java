package com.example.logfile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.*;
import static org.larder.storage.spi.StorageException.Severity.RETRY;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.*;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.stream.Collectors;
import org.larder.storage.model.*;
import org.larder.storage.spi.*;
import org.osgi.service.component.annotations.*;

/** Keeps rows in memory, and each change as a line of a file, for the next start. Thread-safe. */
@Component(
    service = StorageBackend.class,
    configurationPid = "larder.storage.logfile",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public class LogfileBackend extends NonTransactionalBackend {
  private static final String METADATA = "";
  private final Map<String, NavigableMap<String, byte[]>> collections = new ConcurrentHashMap<>();
  private final Map<String, CollectionSchema> schemas = new ConcurrentHashMap<>();
  private final String name;
  private final Path file;
  private boolean closed;

  /** Reads what is in the file. A line that was cut short never happened. */
  @Activate
  public LogfileBackend(Map<String, Object> settings) throws IOException {
    name = (String) settings.get(NAME);
    file = Path.of(System.getProperty("larder.data", "")).resolve((String) settings.get("file"));
    Base64.Decoder base64 = Base64.getDecoder();
    for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
      String[] parts = line.split("\t");
      if (parts.length == 4) {
        apply(parts[0], new String(base64.decode(parts[1]), UTF_8), base64.decode(parts[2]));
      }
    }
  }

  private static String line(String collection, String key, byte[] value) {
    Base64.Encoder base64 = Base64.getEncoder();
    String name = base64.encodeToString(key.getBytes(UTF_8));
    return String.join("\t", collection, name, base64.encodeToString(value), ".\n");
  }

  /** The first line break ends a line that an earlier failure left open. */
  private synchronized void write(String collection, Map<String, byte[]> changes) {
    StringBuilder lines = new StringBuilder("\n");
    changes.forEach((key, value) -> lines.append(line(collection, key, value)));
    try {
      if (closed) {
        throw new IOException("The backend was stopped");
      }
      Files.writeString(file, lines, CREATE, APPEND, DSYNC);
    } catch (IOException e) {
      throw new StorageException(RETRY, "STORE_UNAVAILABLE", "Not written: " + e.getMessage(), e);
    }
    changes.forEach((key, value) -> apply(collection, key, value));
  }

  private void apply(String collection, String key, byte[] value) {
    values(collection).compute(key, (any, old) -> value.length == 0 ? null : value);
  }

  private NavigableMap<String, byte[]> values(String collection) {
    return collections.computeIfAbsent(
        collection, any -> new ConcurrentSkipListMap<>(Values::compareText));
  }

  @Override
  public void ensureCollection(CollectionSchema schema) {
    schemas.merge(schema.name(), schema, (a, b) -> a.version() < b.version() ? b : a);
  }

  @Override
  protected void put(CollectionSchema schema, List<Row> rows) {
    ensureCollection(schema);
    write(schema.name(), rows.stream().collect(Collectors.toMap(Row::key, this::encode)));
  }

  private byte[] encode(Row row) {
    ByteBuffer value = ByteBuffer.allocate(Long.BYTES + row.encodedLength());
    row.writeTo(value.putLong(row.version()).array(), Long.BYTES);
    return value.array();
  }

  private Row decode(CollectionSchema wanted, byte[] value) {
    CollectionSchema newest = schemas.getOrDefault(wanted.name(), wanted);
    Row row = new Row(newest, value, Long.BYTES, value.length - Long.BYTES);
    return row.withVersion(ByteBuffer.wrap(value).getLong()).under(wanted);
  }

  @Override
  protected void delete(CollectionSchema schema, List<String> keys) {
    write(schema.name(), keys.stream().collect(Collectors.toMap(key -> key, key -> new byte[0])));
  }

  @Override
  protected Optional<byte[]> readMetadata(String key) {
    return Optional.ofNullable(values(METADATA).get(key));
  }

  @Override
  protected void writeMetadata(String key, byte[] value) {
    write(METADATA, Map.of(key, value));
  }

  @Override
  public RecordCursor scan(ScanRequest request) {
    CollectionSchema schema = request.schema();
    Map<String, byte[]> from = values(schema.name()).tailMap(request.afterKey().orElse(""), false);
    Iterator<Row> rows =
        request.keys().map(keys -> keys.stream().map(from::get)).orElse(from.values().stream())
            .filter(Objects::nonNull)
            .map(value -> decode(schema, value))
            .iterator();
    return new RecordCursor() {
      @Override
      public Row next() {
        return rows.hasNext() ? rows.next() : null;
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Probe probe(Duration budget) {
    return new Probe(Probe.Condition.UP, "", file.toFile().length());
  }

  @Override
  public BackendDescriptor descriptor() {
    return new BackendDescriptor(name, "logfile", Set.of(Capability.INSERT_IF_ABSENT));
  }

  /** Waits for a change that is under way, and refuses those that come later. */
  @Deactivate
  public synchronized void close() {
    closed = true;
  }
}
