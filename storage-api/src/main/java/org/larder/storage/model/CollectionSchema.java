package org.larder.storage.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * The shape of a collection: its name, its version and its typed fields, the first of which is the
 * key. Immutable.
 *
 * <p>A field's place in the list is its <em>ordinal</em>; rows are encoded by it. So a newer
 * version of a schema only ever appends fields ({@link #checkEvolvesFrom}).
 *
 * <pre>{@code
 * CollectionSchema.named("notes", 1)
 *     .key("note_id", 36)
 *     .field(Field.text("body").required())
 *     .field(Field.instant("created_at").merging(MergeRule.KEEP))
 *     .index(Index.on("created_at"))
 *     .build();
 * }</pre>
 */
public final class CollectionSchema {
  /** The ordinal of the key. */
  public static final int KEY = 0;

  private final String name;
  private final int version;
  private final List<Field> fields;
  private final List<Index> indexes;
  private final String partitionField;
  private final String retentionClass;
  private final boolean guarded;
  private final Map<String, Integer> ordinals = new HashMap<>();
  private final FieldRules bounds;

  private CollectionSchema(Builder builder) {
    name = builder.name;
    version = builder.version;
    fields = List.copyOf(builder.fields);
    indexes = List.copyOf(builder.indexes);
    retentionClass = builder.retentionClass;
    guarded = builder.guarded;
    for (Field field : fields) {
      if (ordinals.putIfAbsent(field.name(), ordinals.size()) != null) {
        throw new IllegalArgumentException(name + ": field named twice: " + field.name());
      }
      if (field.mergeRule() == MergeRule.KEEP && field.defaultValue().isPresent()) {
        throw new IllegalArgumentException(
            name + "." + field.name() + ": a field that keeps its first value has no default");
      }
    }
    if (fields.isEmpty() || fields.size() > Limits.FIELDS) {
      throw new IllegalArgumentException(name + ": a collection has a key and at most 250 fields");
    }
    partitionField = builder.partitionField == null ? key().name() : builder.partitionField;
    ordinal(partitionField);
    for (Index index : indexes) {
      index.fields().forEach(this::ordinal);
      index.include().forEach(this::ordinal);
    }
    bounds = FieldRules.of(this);
  }

  /** The bounds that this schema sets, made ready once for all its row builders. */
  FieldRules bounds() {
    return bounds;
  }

  /**
   * Begins a schema.
   *
   * @param version 1 or more; the first of a collection is 1
   */
  public static Builder named(String name, int version) {
    return new Builder(name, version);
  }

  /** The collection's name, valid by {@link Limits#checkName}. */
  public String name() {
    return name;
  }

  /** The version, 1 or more. */
  public int version() {
    return version;
  }

  /** All fields by ordinal, the key first. */
  public List<Field> fields() {
    return fields;
  }

  /** The key: a required string. */
  public Field key() {
    return fields.get(KEY);
  }

  /** The field with that ordinal. */
  public Field field(int ordinal) {
    return fields.get(ordinal);
  }

  /**
   * The field of that name.
   *
   * @throws NoSuchElementException if the collection has none
   */
  public Field field(String field) {
    return fields.get(ordinal(field));
  }

  /** True if the collection has a field of that name. */
  public boolean hasField(String field) {
    return ordinals.containsKey(field);
  }

  /**
   * The ordinal of the field of that name.
   *
   * @throws NoSuchElementException if the collection has none
   */
  public int ordinal(String field) {
    Integer ordinal = ordinals.get(field);
    if (ordinal == null) {
      throw new NoSuchElementException("Collection " + name + " has no field " + field);
    }
    return ordinal;
  }

  /** The ordinal of the field of that name, or −1. */
  public int findOrdinal(String field) {
    return ordinals.getOrDefault(field, -1);
  }

  /** The secondary indexes that a backend should keep if it can. */
  public List<Index> indexes() {
    return indexes;
  }

  /** The field whose value keeps an atomic group of mutations together; the key unless said. */
  public String partitionField() {
    return partitionField;
  }

  /** Names the rule by which old rows are removed; {@code keep} unless said. */
  public String retentionClass() {
    return retentionClass;
  }

  /**
   * True if decisions are made on the collection's records: every write of it then takes its turn
   * with those decisions, and an insert learns whether its key was free. A backend need not know.
   */
  public boolean isGuarded() {
    return guarded;
  }

  /**
   * Checks that this schema may take the place of an older one: the same name and key, every older
   * field where it was and stored alike, new fields not required, a higher version, and guarded if
   * the older one was.
   *
   * @throws IllegalArgumentException says what does not fit
   */
  public void checkEvolvesFrom(CollectionSchema older) {
    if (!name.equals(older.name) || version <= older.version) {
      throw new IllegalArgumentException(
          name + " version " + version + " does not follow version " + older.version);
    }
    if (fields.size() < older.fields.size()) {
      throw new IllegalArgumentException(name + ": a newer schema keeps every field");
    }
    if (older.guarded && !guarded) {
      throw new IllegalArgumentException(name + ": what is guarded stays so");
    }
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      if (i < older.fields.size() && !field.storesLike(older.fields.get(i))) {
        throw new IllegalArgumentException(
            name + ": field " + older.fields.get(i) + " became " + field);
      }
      if (i >= older.fields.size() && field.isRequired()) {
        throw new IllegalArgumentException(name + ": new field " + field + " cannot be required");
      }
    }
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof CollectionSchema other
        && name.equals(other.name)
        && version == other.version
        && fields.equals(other.fields)
        && indexes.equals(other.indexes)
        && partitionField.equals(other.partitionField)
        && retentionClass.equals(other.retentionClass)
        && guarded == other.guarded;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version);
  }

  @Override
  public String toString() {
    return name + " v" + version;
  }

  /** Collects the parts of a schema; for one thread. */
  public static final class Builder {
    private final String name;
    private final int version;
    private final List<Field> fields = new ArrayList<>();
    private final List<Index> indexes = new ArrayList<>();
    private String partitionField;
    private String retentionClass = "keep";
    private boolean guarded;

    private Builder(String name, int version) {
      this.name = Limits.checkName(name);
      this.version = version;
      if (version < 1) {
        throw new IllegalArgumentException(name + ": a version is 1 or more");
      }
    }

    /** Names the key, which comes before every other field. */
    public Builder key(String field, int maxCodePoints) {
      if (!fields.isEmpty() || maxCodePoints > Limits.KEY_CODE_POINTS) {
        throw new IllegalArgumentException(
            name + ": the key comes first and holds at most " + Limits.KEY_CODE_POINTS);
      }
      fields.add(Field.string(field, maxCodePoints).required());
      return this;
    }

    /** Appends a field. */
    public Builder field(Field field) {
      if (fields.isEmpty()) {
        throw new IllegalArgumentException(name + ": the key comes first");
      }
      fields.add(field);
      return this;
    }

    /** Adds a secondary index. */
    public Builder index(Index index) {
      indexes.add(index);
      return this;
    }

    /** Names the field whose value keeps an atomic group together. */
    public Builder partitionBy(String field) {
      partitionField = field;
      return this;
    }

    /** Names the rule by which old rows are removed. */
    public Builder retention(String retention) {
      retentionClass = Limits.checkName(retention);
      return this;
    }

    /** Lets decisions be made on the records; see {@link CollectionSchema#isGuarded}. */
    public Builder guarded() {
      guarded = true;
      return this;
    }

    /**
     * The schema.
     *
     * @throws IllegalArgumentException says what does not fit
     * @throws NoSuchElementException if an index or the partition names no field
     */
    public CollectionSchema build() {
      return new CollectionSchema(this);
    }
  }
}
