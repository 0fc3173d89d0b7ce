package org.larder.storage.files.internal;

import java.nio.file.Path;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * The keys of {@code larder.blobs.files-<name>.cfg}. Two underscores in a method stand for one in
 * the key, as Declarative Services define.
 */
@ObjectClassDefinition(
    name = "Larder objects: files",
    description = "Keeps large objects in a folder. One configuration makes one store.")
@SuppressWarnings("MemberName") // Declarative Services derive the keys from these names.
@interface FilesConfiguration {
  @AttributeDefinition(description = "Name by which other configuration refers to this store")
  String name() default "main";

  @AttributeDefinition(description = "Folder of the objects, relative to the data folder")
  String folder() default "blobs";

  @AttributeDefinition(description = "What the objects may take, in MB; 0 for any size")
  long max__mb() default 0;

  @AttributeDefinition(description = "How many objects there may be; 0 for any number")
  long max__objects() default 0;

  /** The settings, with a relative folder below the data folder. */
  record Reader(FilesConfiguration configuration, Path dataFolder) {
    private static final long MB = 1_000_000;

    FilesSettings settings() {
      return new FilesSettings(
          configuration.name(),
          dataFolder.resolve(configuration.folder()),
          Math.multiplyExact(configuration.max__mb(), MB),
          configuration.max__objects());
    }
  }
}
