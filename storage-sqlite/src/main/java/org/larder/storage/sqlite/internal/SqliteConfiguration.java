package org.larder.storage.sqlite.internal;

import java.nio.file.Path;
import java.time.Duration;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The keys of {@code larder.storage.sqlite-<name>.cfg}. Two underscores in a method stand for one
 * in the key, as Declarative Services define.
 */
@ObjectClassDefinition(
    name = "Larder storage: SQLite",
    description = "Keeps records in a SQLite database. One configuration makes one backend.")
@SuppressWarnings("MemberName") // Declarative Services derive the keys from these names.
@interface SqliteConfiguration {
  @AttributeDefinition(description = "Name by which routes refer to this backend")
  String name() default "main";

  @AttributeDefinition(description = "Database file, relative to the data folder")
  String file() default "larder.db";

  @AttributeDefinition(description = "Connections that read, at most")
  int pool__size() default 10;

  @AttributeDefinition(description = "Connections that read and are kept ready")
  int pool__min__size() default 5;

  @AttributeDefinition(description = "Seconds after which a connection that reads is replaced")
  int pool__recycle() default 3600;

  @AttributeDefinition(
      description = "Milliseconds to wait for another program that writes to the database")
  int busy__timeout__ms() default 2000;

  @AttributeDefinition(description = "Milliseconds that a question may take")
  int query__timeout__ms() default 60_000;

  @AttributeDefinition(description = "KiB of pages that the writer keeps in memory")
  int writer__cache__kib() default 16 << 10;

  @AttributeDefinition(description = "KiB of pages that each reader keeps in memory")
  int reader__cache__kib() default 2 << 10;

  @AttributeDefinition(description = "MiB of the file that are mapped into memory; 0 for none")
  int mmap__mib() default 0;

  @AttributeDefinition(
      description = "Pages of the write-ahead log after which it is brought into the file")
  int checkpoint__pages() default 4000;

  /** The settings, with a relative file below the data folder. */
  record Reader(SqliteConfiguration configuration, Path dataFolder) {
    SqliteSettings settings() {
      return new SqliteSettings(
          configuration.name(),
          dataFolder.resolve(configuration.file()),
          configuration.pool__size(),
          configuration.pool__min__size(),
          Duration.ofSeconds(configuration.pool__recycle()),
          Duration.ofMillis(configuration.busy__timeout__ms()),
          Duration.ofMillis(configuration.query__timeout__ms()),
          configuration.writer__cache__kib(),
          configuration.reader__cache__kib(),
          configuration.mmap__mib(),
          configuration.checkpoint__pages(),
          0);
    }
  }
}
