package org.larder.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.larder.storage.blob.BlobInfo;
import org.larder.storage.blob.BlobStore;

/** That a list has every object once, in order, and goes on wherever it is asked to. */
@Area(name = "lists", promise = "A list has every object once, in order, behind any name.")
public interface BlobListContract extends BlobStoreUnderTest {
  /** In the order of a list; some sort before the {@code /}. */
  List<String> NAMES =
      List.of(
          "-", "0", "A", "Z/z", "_", "a-b", "a.b", "a.c/c", "a/A", "a/b-c", "a/b.c", "a/b/c-d",
          "a/b/c.d", "a/b/c/d", "a/b/d", "a/b0", "a/c", "a0", "aa", "b/b/b", "z");

  /**
   * Names that no store takes: some leave a folder, some mean different things to different disks.
   */
  List<String> BAD_NAMES =
      List.of(
          "",
          "/",
          "/a",
          "a/",
          "a//b",
          ".",
          "..",
          "../a",
          "a/../b",
          "a/..",
          "./a",
          ".hidden",
          "a.",
          "a/.b",
          "a b",
          "a\\b",
          "a:b",
          "a%2fb",
          "a?b",
          "a*",
          "~",
          "a\u0000",
          "a\n",
          "\u00e9",
          "e\u0301",
          "\u0130",
          "\uff21",
          "\u65e5\u672c",
          "\ud83d\ude00",
          "a".repeat(121),
          "a/".repeat(256) + "a");

  private void fill() throws IOException {
    List<String> shuffled = new ArrayList<>(NAMES);
    Collections.shuffle(shuffled, new Random(7));
    for (String name : shuffled) {
      put(name, BlobContent.of(name.hashCode(), name.length()));
    }
  }

  private List<String> names(String prefix, String after, int limit) throws IOException {
    return blobs().list(prefix, after, limit).stream().map(BlobInfo::name).toList();
  }

  @Test
  default void listIsInTheOrderOfNames() throws Exception {
    fill();
    assertThat(names("", "", BlobStore.PAGE)).isEqualTo(NAMES);
  }

  @Test
  default void emptyStoreListsNothing() throws Exception {
    assertThat(names("", "", 1)).isEmpty();
    assertThat(names("a", "b", 1)).isEmpty();
  }

  @Test
  default void listHasTheLengths() throws Exception {
    fill();
    for (BlobInfo info : blobs().list("", "", 100)) {
      assertThat(info.length()).isEqualTo(info.name().length());
      BlobInfo known = blobs().stat(info.name()).orElseThrow();
      assertThat(info.sha256()).isIn("", known.sha256());
    }
  }

  @Test
  default void listGoesOnBehindAnyName() throws Exception {
    fill();
    List<String> behind = new ArrayList<>(NAMES);
    behind.addAll(
        List.of("a", "a/", "a/b", "a/b/", "a/b/c", "a/b/b", "a-", "Z", "Z/zz", "m", "zz", "."));
    for (String after : behind) {
      assertThat(names("", after, 100))
          .as("behind %s", after)
          .isEqualTo(NAMES.stream().filter(name -> name.compareTo(after) > 0).toList());
    }
  }

  @Test
  default void listHasOnlyThePrefix() throws Exception {
    fill();
    for (String prefix : List.of("a", "a/", "a/b", "a/b/", "a/b/c", "a.", "Z/z", "Z", "m", "z/")) {
      for (String after : List.of("", "a", "a/b", "a/b/c", "b", "zz")) {
        assertThat(names(prefix, after, 100))
            .as("%s behind %s", prefix, after)
            .isEqualTo(
                NAMES.stream()
                    .filter(name -> name.startsWith(prefix) && name.compareTo(after) > 0)
                    .toList());
      }
    }
  }

  @Test
  default void pagesFollowEachOther() throws Exception {
    fill();
    for (int limit : List.of(1, 2, 5, NAMES.size(), 1000)) {
      List<String> all = new ArrayList<>();
      List<String> page = names("", "", limit);
      while (!page.isEmpty()) {
        all.addAll(page);
        assertThat(all).as("pages of %d", limit).hasSizeLessThanOrEqualTo(NAMES.size());
        page = page.size() < limit ? List.of() : names("", page.get(page.size() - 1), limit);
      }
      assertThat(all).as("pages of %d", limit).isEqualTo(NAMES);
    }
  }

  @Test
  default void objectsThatComeAndGoDisturbNoPage() throws Exception {
    fill();
    List<String> first = names("", "", 10);
    blobs().delete(first.get(9));
    put("a/b0.new", BlobContent.of(1, 1));
    List<String> rest = names("", first.get(9), 100);
    assertThat(rest).containsAll(NAMES.subList(10, NAMES.size())).doesNotContain(first.get(9));
  }

  @Test
  default void pageThatIsNoneIsRefused() {
    for (int limit : List.of(-1, 0, BlobStore.PAGE + 1)) {
      assertThatThrownBy(() -> blobs().list("", "", limit))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> blobs().list("\u00e9", "", 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> blobs().list("", "a b", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
