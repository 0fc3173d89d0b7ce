package org.larder.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom, over the classes as they are shipped. */
class LayeringIT {
  private static final String[] BACKENDS = {
    "org.larder.storage.sqlite..",
    "org.larder.storage.mysql..",
    "org.larder.storage.s3..",
    "org.larder.storage.files.."
  };
  private static final String[] DOMAINS = {
    "org.larder.translation..", "org.larder.events..", "org.larder.inventory.."
  };

  private static JavaClasses ours;

  @BeforeAll
  static void readOurBundles() throws IOException {
    Distribution distribution = Distribution.underTest();
    List<JarFile> jars = new ArrayList<>();
    for (String folder : List.of("bundle", "plugins")) {
      for (Path jar : distribution.jars(folder)) {
        JarFile file = new JarFile(jar.toFile());
        if (file.stream().anyMatch(entry -> entry.getName().startsWith("org/larder/"))) {
          jars.add(file);
        } else {
          file.close();
        }
      }
    }
    ours = new ClassFileImporter().importJars(jars);
  }

  @Test
  void allOurBundlesWereRead() {
    Set<String> packages =
        ours.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith("org.larder."))
            .map(name -> name.replaceFirst("org\\.larder\\.(\\w+).*", "$1"))
            .collect(Collectors.toSet());
    assertThat(packages).contains("storage", "journal", "buffer", "shell", "node");
  }

  @Test
  void storageApiKnowsNobody() {
    onlyMayUse(
        new String[] {
          "org.larder.storage.model..",
          "org.larder.storage.query..",
          "org.larder.storage.spi..",
          "org.larder.storage.blob.."
        },
        "org.larder.storage.model..",
        "org.larder.storage.query..",
        "org.larder.storage.spi..",
        "org.larder.storage.blob..",
        "java..",
        "org.osgi.annotation..");
  }

  @Test
  void journalStoresBytesAndKnowsNoRecords() {
    onlyMayUse(
        new String[] {"org.larder.journal.."},
        "org.larder.journal..",
        "java..",
        "org.slf4j..",
        "org.osgi.annotation..");
  }

  @Test
  void bufferKnowsNoBackend() {
    check(
        noClasses()
            .that()
            .resideInAPackage("org.larder.buffer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(BACKENDS)
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("org.larder.storage.jdbc..", "org.larder.rest..", "java.sql.."));
  }

  @Test
  void domainsKnowNeitherTheSpiNorTheJournal() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(DOMAINS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "org.larder.storage.spi..",
                "org.larder.journal..",
                "org.larder.buffer.internal.."));
  }

  @Test
  void noDomainImportsAnother() {
    for (String domain : DOMAINS) {
      check(
          noClasses()
              .that()
              .resideInAPackage(domain)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(without(DOMAINS, domain)));
    }
  }

  @Test
  void noBackendImportsAnotherOrTheHost() {
    for (String backend : BACKENDS) {
      check(
          noClasses()
              .that()
              .resideInAPackage(backend)
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(without(BACKENDS, backend))
              .orShould()
              .dependOnClassesThat()
              .resideInAnyPackage(
                  "org.larder.buffer..",
                  "org.larder.journal..",
                  "org.larder.rest..",
                  "org.larder.translation.."));
    }
  }

  private static void onlyMayUse(String[] packages, String... allowed) {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(packages)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(allowed));
  }

  /** A rule about a bundle that is not written yet holds. */
  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(ours);
  }

  private static String[] without(String[] all, String one) {
    return Stream.of(all).filter(each -> !each.equals(one)).toArray(String[]::new);
  }
}
