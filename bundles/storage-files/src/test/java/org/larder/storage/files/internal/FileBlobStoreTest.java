package org.larder.storage.files.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.larder.storage.blob.BlobException;
import org.larder.storage.blob.BlobStore;
import org.larder.storage.blob.BlobUsage;
import org.larder.tck.BlobContent;
import org.larder.tck.BlobContract;

class FileBlobStoreTest extends BlobContract {
  /** Not among the system's temporary files, which often have no attributes of the user's own. */
  static final class InTarget implements TempDirFactory {
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
        throws IOException {
      Path target = Files.createDirectories(Path.of("target").toAbsolutePath());
      return Files.createTempDirectory(target, "blobs-");
    }
  }

  /** Says what the store in a folder answers to somebody who wants it too. */
  static final class Elsewhere {
    private Elsewhere() {}

    public static void main(String[] arguments) {
      try (FileBlobStore store = FileBlobStore.at("main", Path.of(arguments[0]))) {
        System.out.println(codeOf(() -> store.stat("there")));
      }
    }
  }

  @TempDir(factory = InTarget.class)
  private Path folder;

  @Override
  protected BlobStore open() {
    return FileBlobStore.at("main", folder);
  }

  @Override
  protected void close(BlobStore store) {
    ((FileBlobStore) store).close();
  }

  private FileBlobStore bounded(String path, long maxBytes, long maxObjects) {
    return new FileBlobStore(
        new FilesSettings("bounded", folder.resolve(path), maxBytes, maxObjects));
  }

  private static void put(BlobStore store, String name, BlobContent content) throws IOException {
    store.put(name, content, content.sha256(), content.length());
  }

  private interface Call {
    void run() throws Exception;
  }

  private static String codeOf(Call call) {
    BlobException failure = catchThrowableOfType(BlobException.class, call::run);
    assertThat(failure).as("a BlobException").isNotNull();
    return failure.code();
  }

  @Test
  void objectIsAPlainFileForOtherPrograms() throws Exception {
    BlobContent content = BlobContent.of(1, 1000);
    put("images/cam_1.jpg", content);
    put("a.b/c", content);
    assertThat(folder.resolve("images/cam_1.jpg")).hasBinaryContent(content.bytes());
    assertThat(folder.resolve("a.b%/c%")).hasBinaryContent(content.bytes());
  }

  @Test
  void nameMayBeAFolderToOthers() throws Exception {
    List<String> names = List.of("a", "a.b", "a.b/c", "a.b/c/d.e", "a.b/c/d.e/f", "a/b", "a/b/c");
    for (String name : names) {
      put(name, BlobContent.of(1, name.length()));
    }
    assertThat(blobs().list("", "", 100)).extracting("name").containsExactlyElementsOf(names);
    for (String name : names) {
      assertThat(blobs().stat(name).orElseThrow().length()).isEqualTo(name.length());
    }
    assertThat(blobs().stat("a/b/c/d")).isEmpty();
    assertThat(blobs().delete("a.b")).isTrue();
    assertThat(blobs().stat("a.b/c")).isPresent();
  }

  @Test
  void emptyFoldersAreRemoved() throws Exception {
    put("a/b/c", BlobContent.of(1, 1));
    put("a/d", BlobContent.of(1, 1));
    blobs().delete("a/b/c");
    assertThat(folder.resolve("a/b")).doesNotExist();
    assertThat(folder.resolve("a")).isDirectory();
  }

  @Test
  void unfinishedObjectsAreRemovedAtTheNextStart() throws Exception {
    put("there", BlobContent.of(1, 10));
    close(blobs());
    Path left = Files.write(folder.resolve(".larder/tmp/left"), new byte[100]);
    try (FileBlobStore next = FileBlobStore.at("main", folder)) {
      assertThat(next.usage()).isEqualTo(new BlobUsage(1, 10, 0, 0));
      assertThat(left).doesNotExist();
    }
  }

  @Test
  void failedPutLeavesNoTemporaryFile() throws Exception {
    BlobContent content = BlobContent.of(1, 1000);
    codeOf(() -> blobs().put("a", content, BlobContent.of(2, 1).sha256(), 1000));
    try (Stream<Path> files = Files.list(folder.resolve(".larder/tmp"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void folderHasOneStoreAtATime() throws Exception {
    put("there", BlobContent.of(1, 10));
    try (FileBlobStore second = FileBlobStore.at("main", folder)) {
      assertThat(codeOf(() -> second.stat("there"))).isEqualTo(BlobException.LOCKED);
      close(blobs());
      assertThat(second.stat("there")).isPresent();
    }
    assertThat(codeOf(() -> blobs().stat("there"))).isEqualTo(BlobException.STOPPING);
  }

  @Test
  void secondStoreInTheProcessDoesNotLetAnotherProcessIn() throws Exception {
    put("there", BlobContent.of(1, 10));
    try (FileBlobStore second = FileBlobStore.at("main", folder)) {
      assertThat(codeOf(() -> second.stat("there"))).isEqualTo(BlobException.LOCKED);
    }
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Elsewhere.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    byte[] answer = process.getInputStream().readAllBytes();
    assertThat(new String(answer, StandardCharsets.UTF_8)).contains(BlobException.LOCKED);
  }

  /** Its temporary file may be gone or there; either way it must not appear in another's folder. */
  @Test
  void objectThatIsWrittenWhileTheStoreStopsDoesNotAppear() throws Exception {
    BlobContent content = BlobContent.of(1, 100);
    CountDownLatch opened = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    BlobStore.Source slow =
        () -> {
          opened.countDown();
          try {
            goOn.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          return content.open();
        };
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<String> outcome =
          thread.submit(() -> codeOf(() -> blobs().put("late", slow, content.sha256(), 100)));
      opened.await();
      close(blobs());
      goOn.countDown();
      assertThat(outcome.get()).isIn(BlobException.STOPPING, BlobException.UNAVAILABLE);
    } finally {
      thread.shutdownNow();
    }
    try (FileBlobStore next = FileBlobStore.at("main", folder)) {
      assertThat(next.list("", "", 10)).isEmpty();
    }
  }

  @Test
  void quotaOfBytesIsKept() throws Exception {
    try (FileBlobStore store = bounded("bytes", 1000, 0)) {
      put(store, "a", BlobContent.of(1, 600));
      BlobContent tooLarge = BlobContent.of(2, 401);
      assertThat(codeOf(() -> put(store, "b", tooLarge))).isEqualTo(BlobException.QUOTA);
      assertThat(tooLarge.timesOpened()).as("refused before it is read").isZero();
      put(store, "b", BlobContent.of(2, 400));
      put(store, "a", BlobContent.of(3, 500));
      put(store, "c", BlobContent.of(4, 100));
      assertThat(store.usage()).isEqualTo(new BlobUsage(3, 1000, 0, 1000));
      put(store, "empty", BlobContent.of(5, 0));
      assertThat(codeOf(() -> put(store, "a", BlobContent.of(6, 501))))
          .isEqualTo(BlobException.QUOTA);
      store.delete("b");
      put(store, "a", BlobContent.of(6, 900));
    }
  }

  @Test
  void quotaOfObjectsIsKept() throws Exception {
    try (FileBlobStore store = bounded("count", 0, 2)) {
      put(store, "a", BlobContent.of(1, 1));
      put(store, "b", BlobContent.of(1, 1));
      assertThat(codeOf(() -> put(store, "c", BlobContent.of(1, 1))))
          .isEqualTo(BlobException.QUOTA);
      put(store, "b", BlobContent.of(2, 2));
      store.delete("a");
      put(store, "c", BlobContent.of(1, 1));
      assertThat(store.usage()).isEqualTo(new BlobUsage(2, 3, 2, 0));
    }
  }

  @Test
  void countersAreCountedAgainAtTheNextStart() throws Exception {
    for (int i = 0; i < 20; i++) {
      put("f" + i % 3 + "/n" + i, BlobContent.of(i, i));
    }
    close(blobs());
    Files.delete(folder.resolve("f0/n0%"));
    Files.write(folder.resolve("f0/brought.in"), new byte[7]);
    Files.write(folder.resolve("f0/not one of ours"), new byte[7]);
    try (FileBlobStore next = bounded("", 0, 0)) {
      assertThat(next.usage()).isEqualTo(new BlobUsage(20, 190 + 7, 0, 0));
    }
  }

  /** A copy of the folder, or a file that somebody put there, has no attribute. */
  @Test
  void hashIsFoundByReadingWhereItWasLost() throws Exception {
    BlobContent content = BlobContent.of(1, 100_000);
    put("a.bin", content);
    Path file = folder.resolve("a.bin");
    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class).delete("larder.sha256");
    assertThat(blobs().stat("a.bin").orElseThrow().sha256()).isEqualTo(content.sha256());
    put("a.bin", content);
    assertThat(new Hashes(true).kept(file)).contains(content.sha256());
  }

  @Test
  void storedTwiceIsWrittenOnce() throws Exception {
    BlobContent content = BlobContent.of(1, 1000);
    put("a", content);
    put("a", content);
    assertThat(content.timesOpened()).isEqualTo(1);
  }

  @Test
  void openStreamGoesOnThoughTheObjectIsGone() throws Exception {
    BlobContent content = BlobContent.of(1, 200_000);
    put("a", content);
    InputStream stream = blobs().open("a", 0, Long.MAX_VALUE).orElseThrow();
    blobs().delete("a");
    assertThat(BlobContent.hash(stream)).isEqualTo(content.sha256());
  }

  @Test
  void linkOutOfTheFolderIsNotFollowed() throws Exception {
    put("a/b.bin", BlobContent.of(1, 1));
    Path secret = Files.write(folder.resolveSibling("secret"), new byte[3]);
    Files.createSymbolicLink(folder.resolve("a/link.bin"), secret);
    assertThat(blobs().stat("a/link.bin")).isEmpty();
    assertThat(blobs().open("a/link.bin", 0, 3)).isEmpty();
    assertThat(blobs().list("", "", 10)).hasSize(1);
    put("a/link.bin", BlobContent.of(2, 2));
    assertThat(secret).hasSize(3);
  }

  @Test
  void folderThatIsALinkOutOfTheStoreIsNotFollowed() throws Exception {
    put("a/b.bin", BlobContent.of(1, 1));
    Path outside =
        Files.createDirectories(folder.resolveSibling("outside-of-" + folder.getFileName()));
    Path secret = Files.write(outside.resolve("secret.bin"), new byte[3]);
    Files.createSymbolicLink(folder.resolve("linked"), outside);
    Files.createSymbolicLink(folder.resolve("a/linked"), outside);
    for (String name : List.of("linked/secret.bin", "a/linked/secret.bin")) {
      assertThat(blobs().stat(name)).isEmpty();
      assertThat(blobs().open(name, 0, 3)).isEmpty();
      assertThat(blobs().delete(name)).isFalse();
      BlobContent content = BlobContent.of(2, 2);
      assertThat(codeOf(() -> put(name, content))).isEqualTo(BlobException.UNAVAILABLE);
      assertThat(content.timesOpened()).as("refused before it is read").isZero();
      assertThat(codeOf(() -> put(name + "/below", content))).isEqualTo(BlobException.UNAVAILABLE);
    }
    assertThat(blobs().list("", "", 10)).extracting("name").containsExactly("a/b.bin");
    assertThat(outside).isDirectoryContaining(secret::equals);
    assertThat(secret).hasSize(3);
    try (Stream<Path> files = Files.list(outside)) {
      assertThat(files).hasSize(1);
    }
    Files.delete(secret);
    Files.delete(outside);
  }

  @Test
  void folderThatCannotBeUsedSaysSo() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    try (FileBlobStore store = FileBlobStore.at("main", file)) {
      assertThat(codeOf(() -> store.list("", "", 1))).isEqualTo(BlobException.UNAVAILABLE);
    }
  }

  @Test
  void namesOnAFileSystemThatFoldsCaseStayApart() {
    FileNames names = new FileNames(true);
    List<String> segments = List.of("IMG.jpg", "img.jpg", "Img.JPG", "A", "a", "a-B_c.9");
    assertThat(segments.stream().map(names::file).map(String::toLowerCase).distinct())
        .hasSize(segments.size());
    for (String segment : segments) {
      assertThat(names.segmentOfFile(names.file(segment))).contains(segment);
      assertThat(names.segmentOfFolder(names.folder(segment))).contains(segment);
      assertThat(names.file(segment)).isNotEqualTo(names.folder(segment));
    }
  }
}
