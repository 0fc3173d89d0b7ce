package org.larder.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A disk in memory that can lose power, kill its process, fail a force and run out of space. It
 * knows which sectors and which names are durable. Every call holds its monitor.
 */
final class SimulatedDisk implements JournalFiles {
  static final int SECTOR_BYTES = 512;

  private static final int NEVER = Integer.MAX_VALUE;

  private final Random random;
  private final Semaphore heldForces = new Semaphore(0);
  private final Set<Path> locks = new HashSet<>();
  private Map<Path, Inode> names = new TreeMap<>();
  private Map<Path, Inode> durableNames = new TreeMap<>();
  private List<NameChange> pendingNames = new ArrayList<>();
  private int generation;
  private int operationsUntilCrash = NEVER;
  private double forceFailureRate;
  private long freeBytes = Long.MAX_VALUE;
  private Predicate<Path> undeletable = file -> false;
  private Predicate<Path> unreachable = file -> false;
  private boolean down;
  private boolean forcedAfterFailure;

  SimulatedDisk(long seed) {
    random = new Random(seed);
  }

  /** The change to one name; without a target the name is gone. */
  private record NameChange(Path name, Inode target) {
    void applyTo(Map<Path, Inode> map) {
      if (target == null) {
        map.remove(name);
      } else {
        map.put(name, target);
      }
    }
  }

  private static final class Inode {
    private byte[] content = new byte[0];
    private byte[] durable = new byte[0];
    private final BitSet dirty = new BitSet();
    private final BitSet forgotten = new BitSet();
    private boolean failsNext;
    private Semaphore held;
    private int failedIn = -1;

    void grow(int size) {
      if (size > content.length) {
        content = Arrays.copyOf(content, size);
      }
    }

    /** Makes the sector durable as it is now. */
    void settle(int sector) {
      int from = sector * SECTOR_BYTES;
      int length = Math.min(SECTOR_BYTES, content.length - from);
      if (length > 0) {
        if (durable.length < from + length) {
          durable = Arrays.copyOf(durable, from + length);
        }
        System.arraycopy(content, from, durable, from, length);
      }
    }
  }

  /** After so many more changes to the disk it goes down, in the middle of that change. */
  synchronized void crashAfter(int operations) {
    operationsUntilCrash = operations;
  }

  synchronized void failForces(double rate) {
    forceFailureRate = rate;
  }

  synchronized void refuseDeletes(boolean refuse) {
    refuseDeletes(file -> refuse);
  }

  synchronized void refuseDeletes(Predicate<Path> files) {
    undeletable = files;
  }

  synchronized void refuseRenames(Predicate<Path> targets) {
    unreachable = targets;
  }

  synchronized void freeBytes(long bytes) {
    freeBytes = bytes;
  }

  synchronized boolean isDown() {
    return down;
  }

  /** The process is gone, the machine goes on: nothing that was written is lost. */
  synchronized void kill() {
    restart();
  }

  /** Of what was not forced, any sectors are kept; of names not synced, the first few changes. */
  synchronized void losePower() {
    Map<Path, Inode> survived = new TreeMap<>(durableNames);
    int kept = random.nextInt(pendingNames.size() + 1);
    pendingNames.subList(0, kept).forEach(change -> change.applyTo(survived));
    for (Inode inode : new HashSet<>(survived.values())) {
      BitSet unsure = (BitSet) inode.dirty.clone();
      unsure.or(inode.forgotten);
      boolean sizeKept = random.nextBoolean();
      int keep = random.nextInt(4);
      unsure.stream()
          .filter(sector -> keep == 0 || (keep != 1 && random.nextBoolean()))
          .forEach(inode::settle);
      if (sizeKept && inode.durable.length != inode.content.length) {
        inode.durable = Arrays.copyOf(inode.durable, inode.content.length);
      }
      inode.content = inode.durable.clone();
      inode.dirty.clear();
      inode.forgotten.clear();
    }
    names = survived;
    durableNames = new TreeMap<>(survived);
    pendingNames = new ArrayList<>();
    restart();
  }

  private void restart() {
    generation++;
    locks.clear();
    operationsUntilCrash = NEVER;
    forceFailureRate = 0;
    down = false;
  }

  /** Counts a change; true when the disk goes down in it. */
  private boolean crashes() throws IOException {
    checkUp();
    if (operationsUntilCrash != NEVER && operationsUntilCrash-- == 0) {
      down = true;
      return true;
    }
    return false;
  }

  private void checkUp() throws IOException {
    if (down) {
      throw new IOException("the machine is down");
    }
  }

  private static IOException crash() {
    return new IOException("the machine went down");
  }

  private Inode inode(Path file) throws IOException {
    Inode inode = names.get(file);
    if (inode == null) {
      throw new FileNotFoundException(file.toString());
    }
    return inode;
  }

  private void rename(NameChange change) throws IOException {
    boolean crashed = crashes();
    if (!crashed || random.nextBoolean()) {
      change.applyTo(names);
      pendingNames.add(change);
    }
    if (crashed) {
      throw crash();
    }
  }

  @Override
  public void createDirectories(Path directory) {
    // directories are not simulated
  }

  @Override
  public synchronized JournalFile open(Path file, Mode mode) throws IOException {
    checkUp();
    if (mode == Mode.CREATE) {
      rename(new NameChange(file, new Inode()));
    }
    return new SimulatedFile(inode(file), generation);
  }

  @Override
  public synchronized List<Path> list(Path directory) throws IOException {
    checkUp();
    return names.keySet().stream().filter(file -> directory.equals(file.getParent())).toList();
  }

  @Override
  public synchronized void rename(Path source, Path target) throws IOException {
    Inode inode = inode(source);
    if (unreachable.test(target)) {
      throw new IOException("Read-only file system");
    }
    rename(new NameChange(target, inode));
    NameChange gone = new NameChange(source, null);
    gone.applyTo(names);
    pendingNames.add(gone);
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    checkUp();
    Inode inode = names.get(file);
    if (inode != null) {
      if (undeletable.test(file)) {
        throw new IOException("Read-only file system");
      }
      rename(new NameChange(file, null));
      if (freeBytes != Long.MAX_VALUE) {
        freeBytes += inode.content.length;
      }
    }
  }

  @Override
  public synchronized void syncDirectory(Path directory) throws IOException {
    boolean crashed = crashes();
    if (!crashed || random.nextBoolean()) {
      pendingNames.forEach(change -> change.applyTo(durableNames));
      pendingNames.clear();
    }
    if (crashed) {
      throw crash();
    }
  }

  @Override
  public synchronized Optional<Closeable> lock(Path file) throws IOException {
    checkUp();
    if (!locks.add(file)) {
      return Optional.empty();
    }
    int taken = generation;
    return Optional.of(() -> unlock(file, taken));
  }

  private synchronized void unlock(Path file, int taken) {
    if (taken == generation) {
      locks.remove(file);
    }
  }

  /** The bytes of a file as a reader sees them. */
  synchronized byte[] bytes(Path file) throws IOException {
    return inode(file).content.clone();
  }

  /** Size of all files whose names end so. */
  synchronized long bytesOf(String suffix) {
    return names.entrySet().stream()
        .filter(entry -> entry.getKey().toString().endsWith(suffix))
        .mapToLong(entry -> entry.getValue().content.length)
        .sum();
  }

  /** Whether a process forced a file again whose force had failed. */
  synchronized boolean forcedAfterFailure() {
    return forcedAfterFailure;
  }

  /** The next force of the file fails. */
  synchronized void failNextForceOf(Path file) throws IOException {
    inode(file).failsNext = true;
  }

  /** The next force of the file waits until the semaphore is released. */
  synchronized Semaphore holdNextForceOf(Path file) throws IOException {
    Semaphore held = new Semaphore(0);
    inode(file).held = held;
    return held;
  }

  /** Returns once a force waits. */
  void awaitHeldForce() throws InterruptedException {
    assertThat(heldForces.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
  }

  private final class SimulatedFile implements JournalFile {
    private final Inode inode;
    private final int opened;

    SimulatedFile(Inode inode, int opened) {
      this.inode = inode;
      this.opened = opened;
    }

    private void checkOpen() throws IOException {
      if (opened != generation) {
        throw new IOException("the process that opened it is gone");
      }
      checkUp();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        if (position >= inode.content.length) {
          return -1;
        }
        int length = (int) Math.min(target.remaining(), inode.content.length - position);
        target.put(inode.content, (int) position, length);
        return length;
      }
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        boolean crashed = crashes();
        int length = source.remaining();
        if (crashed) {
          length = random.nextInt(length + 1);
        }
        int end = (int) position + length;
        int grows = Math.max(0, end - inode.content.length);
        if (grows > freeBytes) {
          throw new IOException("No space left on device");
        }
        if (freeBytes != Long.MAX_VALUE) {
          freeBytes -= grows;
        }
        inode.grow(end);
        source.get(inode.content, (int) position, length);
        if (length > 0) {
          int first = (int) position / SECTOR_BYTES;
          int last = (end - 1) / SECTOR_BYTES;
          inode.dirty.set(first, last + 1);
          inode.forgotten.clear(first, last + 1);
        }
        if (crashed) {
          throw crash();
        }
      }
    }

    @Override
    public void force(boolean metadata) throws IOException {
      waitWhileHeld();
      synchronized (SimulatedDisk.this) {
        checkOpen();
        boolean crashed = crashes();
        forcedAfterFailure |= inode.failedIn == generation;
        boolean fails = inode.failsNext || random.nextDouble() < forceFailureRate;
        if (crashed || fails) {
          // What was not written is forgotten: the next force would not write it either.
          inode.failsNext = false;
          inode.failedIn = generation;
          inode.forgotten.or(inode.dirty);
          inode.dirty.clear();
          throw crashed ? crash() : new IOException("Input/output error");
        }
        inode.dirty.stream().forEach(inode::settle);
        inode.dirty.clear();
        inode.durable = Arrays.copyOf(inode.durable, inode.content.length);
      }
    }

    private void waitWhileHeld() {
      Semaphore held;
      synchronized (SimulatedDisk.this) {
        held = inode.held;
        inode.held = null;
      }
      if (held != null) {
        heldForces.release();
        held.acquireUninterruptibly();
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        return inode.content.length;
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (SimulatedDisk.this) {
        checkOpen();
        boolean crashed = crashes();
        if (size < inode.content.length && (!crashed || random.nextBoolean())) {
          inode.content = Arrays.copyOf(inode.content, (int) size);
        }
        if (crashed) {
          throw crash();
        }
      }
    }

    @Override
    public void close() {
      // nothing is held
    }
  }
}
