package org.larder.tck.report;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.larder.storage.spi.Capability;
import org.larder.tck.Area;
import org.larder.tck.Proves;

/**
 * Collects what becomes of the tests of one class. It knows from the beginning which there are, so
 * that what was filtered, disabled or overridden shows. Any thread, one at a time.
 */
final class Run {
  private static final String NOT_ENDED = "The run has not ended: it still goes on, or was killed.";
  private static final String NEVER_SEEN =
      "The run was told to leave it out, or the test class overrides it.";

  private record Begun(long atNanos, Optional<Remark> remark) {}

  private final Class<?> testClass;
  private final String kitVersion;
  private final Map<Class<?>, Map<String, Finding>> findings = new LinkedHashMap<>();
  private final Map<String, Begun> begun = new HashMap<>();
  private final List<String> troubles = new ArrayList<>(List.of(NOT_ENDED));
  private Optional<Subject> subject = Optional.empty();

  Run(Class<?> testClass, String kitVersion) {
    this.testClass = testClass;
    this.kitVersion = kitVersion;
    for (Class<?> area : areas(testClass)) {
      Map<String, Finding> tests = new TreeMap<>();
      for (Method method : area.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Test.class)) {
          String name = method.getName();
          tests.put(
              name, new Finding(name, Outcome.NOT_RUN, NEVER_SEEN, Duration.ZERO, proven(method)));
        }
      }
      findings.put(area, tests);
    }
  }

  private static Set<Class<?>> areas(Class<?> type) {
    Set<Class<?>> areas = new LinkedHashSet<>();
    if (type.getSuperclass() != null) {
      areas.addAll(areas(type.getSuperclass()));
    }
    Arrays.stream(type.getInterfaces()).forEach(each -> areas.addAll(areas(each)));
    if (type.isAnnotationPresent(Area.class)) {
      areas.add(type);
    }
    return areas;
  }

  private static List<Capability> proven(Method method) {
    Proves proves = method.getAnnotation(Proves.class);
    return proves == null ? List.of() : List.of(proves.value());
  }

  Class<?> testClass() {
    return testClass;
  }

  synchronized void begin(String test) {
    begun.put(test, new Begun(System.nanoTime(), Optional.empty()));
  }

  synchronized void remember(String test, Optional<Subject> open, Optional<Remark> remark) {
    open.ifPresent(found -> subject = Optional.of(found));
    begun.computeIfPresent(test, (any, before) -> new Begun(before.atNanos(), remark));
  }

  synchronized void end(String test, Method method, Outcome outcome, String reason) {
    Begun before = begun.remove(test);
    Optional<Remark> remark = before == null ? Optional.empty() : before.remark();
    boolean passed = outcome == Outcome.PASSED && remark.isPresent();
    Finding finding =
        new Finding(
            method.getName(),
            passed ? remark.get().outcome() : outcome,
            passed ? remark.get().reason() : reason,
            before == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - before.atNanos()),
            proven(method));
    Class<?> declaring = method.getDeclaringClass();
    Class<?> area = findings.containsKey(declaring) ? declaring : testClass;
    findings
        .computeIfAbsent(area, any -> new TreeMap<>())
        .merge(method.getName(), finding, Run::worse);
  }

  /** A test may run several times, with other arguments. */
  private static Finding worse(Finding known, Finding next) {
    boolean first = known.reason().equals(NEVER_SEEN);
    return first || next.outcome().compareTo(known.outcome()) > 0 ? next : known;
  }

  synchronized void finish(Optional<String> failure) {
    troubles.remove(NOT_ENDED);
    failure.ifPresent(what -> troubles.add("The test class itself failed: " + what));
  }

  synchronized Report report() {
    List<Report.Part> parts = new ArrayList<>();
    findings.forEach(
        (type, tests) -> {
          Area area = type.getAnnotation(Area.class);
          parts.add(
              new Report.Part(
                  area == null ? "own tests" : area.name(),
                  area == null ? "What the test class adds." : area.promise(),
                  List.copyOf(tests.values())));
        });
    return new Report(
        kitVersion,
        Instant.now(),
        Runtime.version() + ", " + System.getProperty("os.name"),
        testClass.getName(),
        subject,
        parts,
        troubles);
  }
}
