package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the guide for writers of backends prints. */
class GuideTest {
  private static final Path GUIDE = Path.of("..", "docs", "backend-guide.md");
  private static final Pattern JAVA = Pattern.compile("(?s)```java\n(.*?)```");

  /** The least that the guide says one writes of a backend. */
  private static final String BACKEND =
      """
      final class PantryBackend extends NonTransactionalBackend {
        PantryBackend(Path folder) {}
        @Override protected void put(CollectionSchema schema, List<Row> rows) {}
        @Override protected void delete(CollectionSchema schema, List<String> keys) {}
        @Override public RecordCursor scan(ScanRequest request) { return null; }
        @Override protected Optional<byte[]> readMetadata(String name) { return Optional.empty(); }
        @Override protected void writeMetadata(String name, byte[] value) {}
        @Override public Probe probe(Duration budget) { return null; }
        @Override public BackendDescriptor descriptor() { return null; }
        void close() {}
      }
      """;

  private static final String IMPORTS =
      """
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.*;
      import org.junit.jupiter.api.io.TempDir;
      import org.larder.storage.model.*;
      import org.larder.storage.spi.*;
      import org.larder.tck.*;
      """;

  @TempDir private Path folder;

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///PantryBackendTest.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  @Test
  void leastTestClassCompiles() throws Exception {
    Matcher printed = JAVA.matcher(Files.readString(GUIDE));
    assertThat(printed.find()).as("a class in the guide").isTrue();
    assertThat(printed.group(1)).contains("class PantryBackendTest extends BackendContract");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<JavaFileObject> sources = List.of(new Source(IMPORTS + printed.group(1) + BACKEND));
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                List.of(
                    "-d",
                    folder.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "-proc:none"),
                null,
                sources)
            .call();
    assertThat(compiled).as("%s", said).isTrue();
    assertThat(printed.find()).as("another class that nobody compiles").isFalse();
  }
}
