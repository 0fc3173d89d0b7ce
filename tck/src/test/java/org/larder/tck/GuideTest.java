package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

  private static final Path EXAMPLE =
      Path.of("../samples/backend-logfile/src/main/java/com/example/logfile/LogfileBackend.java");

  @TempDir private Path folder;

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///com/example/pantry/" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** As the guide's {@code begin.sh pantry} copies it. */
  private static String copyOfTheExample() throws IOException {
    return Files.readString(EXAMPLE).replace("Logfile", "Pantry").replace("logfile", "pantry");
  }

  @Test
  void leastTestClassCompilesBesideTheCopyOfTheExample() throws Exception {
    Matcher printed = JAVA.matcher(Files.readString(GUIDE));
    assertThat(printed.find()).as("a class in the guide").isTrue();
    assertThat(printed.group(1)).contains("class PantryBackendTest extends BackendContract");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    List<JavaFileObject> sources =
        List.of(
            new Source("PantryBackendTest", printed.group(1)),
            new Source("PantryBackend", copyOfTheExample()));
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
