package org.larder.buffer.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.larder.storage.model.CollectionSchema;
import org.larder.storage.model.SchemaCodec;
import org.larder.storage.spi.StorageException;

/**
 * Every version of every collection's schema, on disk before it is used and kept while the bundle
 * that contributed it is away. Free for any thread: changes replace an immutable map.
 */
final class Catalogue {
  private final Path file;
  private volatile Map<String, TreeMap<Integer, CollectionSchema>> schemas = new TreeMap<>();

  private Catalogue(Path file) {
    this.file = file;
  }

  /**
   * Opens the catalogue of a node, or makes an empty one.
   *
   * @throws IOException if the file cannot be read or is damaged
   */
  static Catalogue open(Path file) throws IOException {
    Catalogue catalogue = new Catalogue(file);
    for (byte[] entry :
        DurableFile.readWhole(file, "The catalogue of collections", "restore it from a backup")) {
      catalogue.keep(SchemaCodec.decode(entry));
    }
    return catalogue;
  }

  /** Puts a schema into the journal. */
  interface Recorder {
    /** Called when the schema is on disk, and before anybody can write records of it. */
    void record(CollectionSchema schema) throws IOException;
  }

  /**
   * Adds a schema, durably. Nobody sees it before the recorder is done, so that in the journal it
   * comes before its records.
   *
   * @return false if it was known already
   * @throws IllegalArgumentException if it contradicts what is known
   */
  synchronized boolean add(CollectionSchema schema, Recorder recorder) throws IOException {
    TreeMap<Integer, CollectionSchema> versions = schemas.get(schema.name());
    if (versions != null) {
      CollectionSchema known = versions.get(schema.version());
      if (schema.equals(known)) {
        return false;
      }
      if (known != null) {
        throw new IllegalArgumentException(
            schema + " differs from the " + schema + " recorded; give the change a new version");
      }
      schema.checkEvolvesFrom(versions.lastEntry().getValue());
    }
    List<byte[]> entries = new ArrayList<>();
    schemas.values().forEach(all -> all.values().forEach(s -> entries.add(SchemaCodec.encode(s))));
    entries.add(SchemaCodec.encode(schema));
    DurableFile.replace(file, entries);
    recorder.record(schema);
    keep(schema);
    return true;
  }

  private synchronized void keep(CollectionSchema schema) {
    Map<String, TreeMap<Integer, CollectionSchema>> copy = new TreeMap<>(schemas);
    TreeMap<Integer, CollectionSchema> versions = new TreeMap<>();
    versions.putAll(copy.getOrDefault(schema.name(), new TreeMap<>()));
    versions.put(schema.version(), schema);
    copy.put(schema.name(), versions);
    schemas = copy;
  }

  /** The newest version of a collection. */
  Optional<CollectionSchema> newest(String name) {
    return Optional.ofNullable(schemas.get(name)).map(versions -> versions.lastEntry().getValue());
  }

  /**
   * A given version of a collection.
   *
   * @throws StorageException HALT if that version was never recorded
   */
  CollectionSchema version(String name, int version) {
    CollectionSchema schema =
        Optional.ofNullable(schemas.get(name)).map(all -> all.get(version)).orElse(null);
    if (schema == null) {
      throw new StorageException(
          StorageException.Severity.HALT,
          "SCHEMA_MISSING",
          "The journal has records of " + name + " v" + version + ", which the catalogue lacks");
    }
    return schema;
  }

  /** The newest version of every collection, by name. */
  List<CollectionSchema> newest() {
    Collection<TreeMap<Integer, CollectionSchema>> all = schemas.values();
    return all.stream().map(versions -> versions.lastEntry().getValue()).toList();
  }
}
