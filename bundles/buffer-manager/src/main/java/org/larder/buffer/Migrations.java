package org.larder.buffer;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves collections from one backend to another while writers write. Free for any thread.
 *
 * <p>A migration makes the target a mirror that is filled from the source, waits until it has
 * caught up, compares the two with both held at one position of the journal, and swaps them. It is
 * on disk, and goes on after a crash in whatever phase that came. The source stays as a mirror, so
 * that the way back is open.
 */
@ProviderType
public interface Migrations {
  /**
   * Looks whether a migration could begin, and how much work it would be. Changes nothing.
   *
   * @throws MigrationRefusedException if it could not
   * @throws BufferException BACKEND_AWAY if one of the two cannot be asked now
   */
  MigrationPlan plan(MigrationRequest request);

  /**
   * Begins a migration, after the same look; what follows is done in the background.
   *
   * @throws MigrationRefusedException if it cannot begin; nothing has changed then
   * @throws BufferException BACKEND_AWAY if one of the two cannot be asked now
   * @throws BufferException DISK_FULL or NODE_DISK_FAILED if it cannot be noted; nothing has
   *     changed then
   */
  MigrationStatus start(MigrationRequest request);

  /** The migrations that run, and the last that ended; newest first. */
  List<MigrationStatus> list();

  /** One of them. */
  Optional<MigrationStatus> find(long id);

  /**
   * Gives the collection back the route that it had before: after the cut-over as well, since the
   * source has followed as a mirror. The target keeps what it has, but is not written to any more
   * unless the old route named it.
   *
   * @throws java.util.NoSuchElementException if there is no such migration
   * @throws MigrationRefusedException if it is undone already, or its route was changed since
   * @throws BufferException DISK_FULL or NODE_DISK_FAILED if it cannot be noted; nothing has
   *     changed then
   */
  MigrationStatus rollBack(long id);

  /**
   * Ends a migration before its cut-over, and gives the old route back.
   *
   * @throws java.util.NoSuchElementException if there is no such migration
   * @throws MigrationRefusedException if it has ended already or is beyond its cut-over
   * @throws BufferException DISK_FULL or NODE_DISK_FAILED if it cannot be noted; nothing has
   *     changed then
   */
  MigrationStatus cancel(long id);
}
