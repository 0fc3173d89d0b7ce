package org.larder.storage.files.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.larder.storage.blob.BlobNames;

/**
 * Goes through the objects of a folder by name. A folder counts as its name with a {@code /} behind
 * it; so to go through each folder in that order is to go through all names in order. Memory: the
 * names in the folders on the way to one object; only what is visited is looked at. Follows no
 * links. For one thread.
 */
final class FileTree {
  /** Takes the objects, one by one. */
  interface Visitor {
    /** Takes an object; returns false to end. */
    boolean visit(String name, BasicFileAttributes attributes) throws IOException;
  }

  /** What a name on the disk stands for, whatever is behind it. */
  private record Entry(String key, Path path) {
    boolean isFolder() {
      return key.endsWith("/");
    }
  }

  private final FileNames names;
  private final String prefix;
  private final String after;
  private final Visitor visitor;

  private FileTree(FileNames names, String prefix, String after, Visitor visitor) {
    this.names = names;
    this.prefix = prefix;
    this.after = after;
    this.visitor = visitor;
  }

  /** Goes through the objects whose names begin with a prefix and are greater than another. */
  static void walk(Folder folder, String prefix, String after, Visitor visitor) throws IOException {
    new FileTree(folder.names(), prefix, after, visitor).walk(folder.root(), "");
  }

  private boolean walk(Path folder, String path) throws IOException {
    for (Entry entry : entries(folder, path)) {
      if (!walk(entry, path + entry.key())) {
        return false;
      }
    }
    return true;
  }

  private boolean walk(Entry entry, String name) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes =
          Files.readAttributes(entry.path(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return true;
    }
    if (entry.isFolder()) {
      return !attributes.isDirectory() || walk(entry.path(), name);
    }
    return !attributes.isRegularFile()
        || !BlobNames.isValid(name)
        || visitor.visit(name, attributes);
  }

  private List<Entry> entries(Path folder, String path) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        entry(file, path).ifPresent(entries::add);
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      // Removed since it was seen.
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(Entry::key));
    return entries;
  }

  /** The name says which of the two it is. */
  private Optional<Entry> entry(Path file, String path) {
    String called = file.getFileName().toString();
    Optional<String> asFile = names.segmentOfFile(called).filter(name -> isWantedFile(path + name));
    Optional<String> asFolder =
        names.segmentOfFolder(called).map(name -> name + "/").filter(n -> isWanted(path + n));
    return asFile.or(() -> asFolder).map(key -> new Entry(key, file));
  }

  private boolean isWantedFile(String name) {
    return name.startsWith(prefix) && name.compareTo(after) > 0;
  }

  /** Whether there may be such an object below a folder. */
  private boolean isWanted(String folder) {
    return (folder.startsWith(prefix) || prefix.startsWith(folder))
        && (after.startsWith(folder) || folder.compareTo(after) > 0);
  }
}
