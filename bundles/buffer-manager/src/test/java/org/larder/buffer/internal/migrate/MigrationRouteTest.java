package org.larder.buffer.internal.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.larder.buffer.MigrationRequest;
import org.larder.buffer.Route;
import org.larder.buffer.RouteTable;

/** A migration takes back what it changed in a route, and nothing that others did. */
class MigrationRouteTest {
  private final FakePremises premises =
      new FakePremises(RouteTable.of("main"), "main", "main", "copy", "third");

  private static Route route(String collection, String primary, String... mirrors) {
    return new Route(collection, primary, Arrays.asList(mirrors), Optional.empty());
  }

  private static Route readingFrom(String mirror, Route route) {
    return new Route(route.collection(), route.primary(), route.mirrors(), Optional.of(mirror));
  }

  private RouteChange begin() {
    MigrationRequest request =
        new MigrationRequest("notes", "main", "copy", MigrationRequest.End.AUTOMATIC);
    return new RouteChange(premises, request, premises.routes().routeOf("notes"));
  }

  private RouteChange cutOver() {
    RouteChange change = begin();
    change.mirror();
    change.swap();
    assertThat(change.isSwapped()).isTrue();
    return change;
  }

  private Route rolledBack(RouteChange change) {
    change.swapBack();
    change.restore();
    return premises.routes().routeOf("notes");
  }

  @Test
  void aRouteThatNobodyElseTouchedIsWhatItWas() {
    assertThat(rolledBack(cutOver())).isEqualTo(route(Route.ALL, "main"));
    premises.route(route("notes", "main", "third"));
    assertThat(rolledBack(cutOver())).isEqualTo(route("notes", "main", "third"));
  }

  @Test
  void mirrorsAddedSinceStay() {
    premises.route(route("notes", "main"));
    RouteChange change = cutOver();
    premises.route(route("notes", "copy", "main", "third"));
    assertThat(rolledBack(change)).isEqualTo(route("notes", "main", "third"));
  }

  @Test
  void mirrorsTakenOutSinceDoNotComeBack() {
    premises.route(route("notes", "main", "third"));
    RouteChange change = cutOver();
    premises.route(route("notes", "copy", "main"));
    assertThat(rolledBack(change)).isEqualTo(route("notes", "main"));
  }

  @Test
  void aMirrorBeforeTheMigrationIsOneBehindIt() {
    premises.route(route("notes", "main", "copy"));
    assertThat(rolledBack(cutOver())).isEqualTo(route("notes", "main", "copy"));
  }

  @Test
  void aCollectionIsNotLedToWhereverThatOfAllHasBeenLedSince() {
    RouteChange change = cutOver();
    premises.route(route(Route.ALL, "third"));
    assertThat(rolledBack(change)).isEqualTo(route("notes", "main"));
  }

  @Test
  void aRouteTakenAwaySinceIsNotMadeAgain() {
    RouteChange change = begin();
    change.mirror();
    premises.changeRoutes(routes -> routes.without("notes"), "");
    change.restore();
    assertThat(premises.routes().routes()).containsOnlyKeys(Route.ALL);
  }

  @Test
  void theMirrorThatIsReadFromIsNotTheTargetThatGoes() {
    premises.route(readingFrom("third", route("notes", "main", "third")));
    RouteChange change = cutOver();
    premises.route(readingFrom("main", premises.routes().routeOf("notes")));
    assertThat(rolledBack(change)).isEqualTo(readingFrom("third", route("notes", "main", "third")));
    premises.route(route("notes", "main"));
    change = cutOver();
    premises.route(readingFrom("main", premises.routes().routeOf("notes")));
    assertThat(rolledBack(change)).isEqualTo(route("notes", "main"));
  }

  @Test
  void aPrimaryThatAnotherChoseIsLeftAlone() {
    RouteChange change = cutOver();
    premises.route(route("notes", "third", "main", "copy"));
    assertThat(rolledBack(change).backends()).isEqualTo(List.of("third", "main", "copy"));
  }
}
