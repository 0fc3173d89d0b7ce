package org.larder.tck.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes {@code target/tck/<backend>.json} and {@code .html} for a test class whose interfaces are
 * parts of the contract. A report of a run that did not end is there from the beginning, and says
 * so. JUnit calls this, possibly from several threads.
 */
public final class ReportExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterTestExecutionCallback,
        AfterAllCallback,
        TestWatcher {
  /** Configuration parameter or system property: the folder, instead of {@code target/tck}. */
  public static final String FOLDER = "larder.tck.reports";

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ReportExtension.class);

  /** What a test class lets the report ask. */
  public interface Reported {
    /** The backend of the running test, if it is open. */
    Optional<Subject> subject();

    /** What the running test says of itself. */
    Optional<Remark> remark();
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (Reported.class.isAssignableFrom(context.getRequiredTestClass())) {
      Run run = new Run(context.getRequiredTestClass(), kitVersion());
      context.getStore(NAMESPACE).put(Run.class, run);
      write(context, run.report());
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    run(context).ifPresent(run -> run.begin(context.getUniqueId()));
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getRequiredTestInstance() instanceof Reported reported) {
      run(context)
          .ifPresent(
              run -> run.remember(context.getUniqueId(), reported.subject(), reported.remark()));
    }
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    end(context, Outcome.PASSED, "");
  }

  @Override
  public void testFailed(ExtensionContext context, Throwable cause) {
    end(context, Outcome.FAILED, describe(cause));
  }

  @Override
  public void testAborted(ExtensionContext context, Throwable cause) {
    end(context, Outcome.NOT_RUN, "Given up: " + describe(cause));
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    end(context, Outcome.NOT_RUN, "Disabled: " + reason.orElse("no reason given"));
  }

  private void end(ExtensionContext context, Outcome outcome, String reason) {
    run(context)
        .ifPresent(
            run ->
                run.end(context.getUniqueId(), context.getRequiredTestMethod(), outcome, reason));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Run run = context.getStore(NAMESPACE).get(Run.class, Run.class);
    if (run == null || run.testClass() != context.getRequiredTestClass()) {
      return;
    }
    run.finish(context.getExecutionException().map(ReportExtension::describe));
    Report report = run.report();
    Path page = write(context, report);
    System.out.println(
        "Larder contract kit: " + report.verdict() + " (" + report.summary() + "), see " + page);
  }

  private static Optional<Run> run(ExtensionContext context) {
    return Optional.ofNullable(context.getStore(NAMESPACE).get(Run.class, Run.class));
  }

  private static String describe(Throwable cause) {
    StringBuilder text = new StringBuilder();
    for (Throwable each = cause; each != null; each = each.getCause()) {
      text.append(text.isEmpty() ? "" : "\ncaused by ");
      text.append(each.getClass().getSimpleName()).append(": ").append(each.getMessage());
    }
    return text.length() <= 4000 ? text.toString() : text.substring(0, 4000) + " …";
  }

  private static Path write(ExtensionContext context, Report report) {
    Path folder =
        Path.of(context.getConfigurationParameter(FOLDER).orElse("target/tck")).toAbsolutePath();
    String name = fileName(context.getRequiredTestClass());
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name + ".json"), JsonReport.of(report));
      return Files.writeString(folder.resolve(name + ".html"), HtmlReport.of(report));
    } catch (IOException e) {
      throw new UncheckedIOException("The report cannot be written", e);
    }
  }

  /** {@code SqliteBackendTest} as {@code sqlite}, {@code MariaDbBackendIT} as {@code maria-db}. */
  static String fileName(Class<?> testClass) {
    String name = testClass.getSimpleName().replaceFirst("(?<=.)(Test|Tests|IT)$", "");
    return name.replaceFirst("(?<=.)Backend$", "")
        .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-")
        .toLowerCase(Locale.ROOT);
  }

  private static String kitVersion() {
    Properties properties = new Properties();
    try (InputStream stream = ReportExtension.class.getResourceAsStream("kit.properties")) {
      properties.load(stream);
    } catch (IOException e) {
      throw new UncheckedIOException("The kit's jar is damaged", e);
    }
    return properties.getProperty("version");
  }
}
