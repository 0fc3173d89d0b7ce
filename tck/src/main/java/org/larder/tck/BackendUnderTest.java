package org.larder.tck;

import java.util.Optional;
import java.util.Set;
import org.larder.storage.spi.Capability;
import org.larder.storage.spi.StorageBackend;
import org.larder.tck.report.Remark;
import org.larder.tck.report.ReportExtension;
import org.larder.tck.report.Subject;

/**
 * What each part of the kit works with: a new, empty store for every test, and what the test class
 * offers beyond it.
 */
public interface BackendUnderTest extends ReportExtension.Reported {
  /** Opens the store of the running test so that something in it fails. */
  interface FailingOpener {
    /**
     * Opens it.
     *
     * @param nth which access to the disk, the database or the network fails, from 1; the others
     *     work
     */
    StorageBackend open(int nth) throws Exception;
  }

  /** The store of the running test. */
  TestStore store();

  /** True if the backend says that it can do this. */
  default boolean declares(Capability capability) {
    return store().backend().descriptor().capabilities().contains(capability);
  }

  /** What the backend is expected to declare; those that it declares, unless the class says. */
  default Set<Capability> capabilities() {
    return store().backend().descriptor().capabilities();
  }

  /** How another process opens the running test's store; that process will be killed. */
  default Offer<OtherProcess> otherProcess() {
    return Offer.missing();
  }

  /** Opens the running test's store so that one access to what is below it fails. */
  default Offer<FailingOpener> failing() {
    return Offer.missing();
  }

  /**
   * Opens the running test's store with room for a few MiB at most: on a small file system, under a
   * quota. Opening it the usual way afterwards finds the same store with room again.
   */
  default Offer<TestStore.Opener> small() {
    return Offer.missing();
  }

  /** The bundle that carries the backend, and its configuration: an empty store for each test. */
  default Offer<BundleUnderTest> bundle() {
    return Offer.missing();
  }

  @Override
  default Optional<Subject> subject() {
    return store().subject();
  }

  @Override
  default Optional<Remark> remark() {
    return store().remark();
  }
}
