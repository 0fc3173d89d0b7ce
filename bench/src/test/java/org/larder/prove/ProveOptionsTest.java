package org.larder.prove;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProveOptionsTest {
  private static ProveOptions parse(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--dist", "somewhere"));
    return ProveOptions.parse(all);
  }

  @Test
  void everyWayIsGoneOnceUnlessSaidOtherwise() throws Exception {
    for (Kind kind : Kind.values()) {
      for (Backend backend : Backend.values()) {
        ProveOptions options = parse(kind.toString(), "--backend", backend.toString());
        assertThat(options.ways()).doesNotHaveDuplicates().isEqualTo(kind.ways(backend));
        assertThat(options.rounds()).isGreaterThanOrEqualTo(options.ways().size());
      }
    }
    assertThat(parse("swap").rounds()).isEqualTo(parse("swap").ways().size());
    assertThat(parse("swap", "--backend", "mysql").rounds())
        .isEqualTo(parse("swap", "--backend", "mysql").ways().size());
    assertThat(parse("crash").rounds()).isEqualTo(5);
    assertThat(parse("crash", "--rounds", "7").rounds()).isEqualTo(7);
  }

  @Test
  void severalConnectionsWriteToMysqlOnly() throws Exception {
    assertThat(parse("crash", "--backend", "mysql").writeConnections()).isEqualTo(1);
    assertThat(parse("crash", "--write-connections", "4", "--backend", "mysql").writeConnections())
        .isEqualTo(4);
    assertRefused("crash", "--write-connections", "4");
    assertRefused("crash", "--write-connections", "17", "--backend", "mysql");
  }

  @Test
  void waysAreTakenInTheirOrder() throws Exception {
    assertThat(parse("swap", "--ways", "drop-in,update").ways())
        .containsExactly("drop-in", "update");
  }

  @Test
  void unknownKindWayBackendAndOptionAreRefused() {
    assertRefused("prayer");
    assertRefused("swap", "--ways", "prayer");
    assertRefused("swap", "--backend", "prayer");
    assertRefused("swap", "--prayer");
  }

  @Test
  void wayThatTheBackendOrKindLacksIsRefused() {
    for (Kind kind : Kind.values()) {
      for (Backend backend : Backend.values()) {
        assertThatThrownBy(
                () -> parse(kind.toString(), "--backend", backend.toString(), "--ways", "prayer"))
            .isInstanceOf(ProveOptions.BadOptionException.class)
            .hasMessageEndingWith(" has " + String.join(", ", kind.ways(backend)));
      }
    }
    assertRefused("crash", "--ways", "prayer");
    assertRefused("crash", "--ways", "both");
    assertRefused("diskfull", "--ways", "prayer");
    assertRefused("outage", "--ways", "kill");
    assertRefused("outage", "--ways", "lock", "--backend", "mysql");
    assertRefused("swap", "--ways", "hang");
    assertRefused("swap", "--ways", "route-sqlite");
    assertRefused("swap", "--ways", ",");
    assertThatThrownBy(() -> parse("crash", "--ways", "prayer", "--backend", "mysql"))
        .hasMessage(
            "no way is named 'prayer': crash on mysql has node, node-again, both, database-first");
  }

  @Test
  void wayIsJudgedByTheBackendThatIsNamedLater() throws Exception {
    assertThat(parse("swap", "--ways", "hang", "--backend", "mysql").ways())
        .containsExactly("hang");
  }

  @Test
  void oneDiskCanOnlyBeFullForAll() throws Exception {
    assertThat(parse("diskfull", "--disk", "small").ways()).containsExactly("both");
    assertRefused("diskfull", "--disk", "small", "--ways", "database");
    assertThat(parse("diskfull", "--disk", "small", "--database-disk", "other").ways())
        .containsExactly("both", "journal", "database");
    assertRefused("diskfull", "--database-disk", "other");
    assertRefused("swap", "--disk", "small");
  }

  @Test
  void zeroRoundsProveNothing() {
    assertRefused("crash", "--rounds", "0");
  }

  @Test
  void missingDistributionIsSaid() {
    assertThatThrownBy(() -> ProveOptions.parse(List.of("swap"))).hasMessageContaining("--dist");
  }

  private static void assertRefused(String... arguments) {
    assertThatThrownBy(() -> parse(arguments)).isInstanceOf(ProveOptions.BadOptionException.class);
  }
}
