package org.larder.storage.files.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A disk that notes each step, once it is done, and refuses one of them at will. */
final class NotingDisk implements Disk {
  private final Path root;
  private final List<String> steps = new CopyOnWriteArrayList<>();
  private volatile String refused = "";

  /** Names what it notes as seen from that folder. */
  NotingDisk(Path root) {
    this.root = root;
  }

  List<String> steps() {
    return steps;
  }

  /** From now on that step fails; none does if it is empty. */
  void refuse(String step) {
    refused = step;
  }

  private interface Step {
    void run() throws IOException;
  }

  private void step(String name, Step step) throws IOException {
    if (name.equals(refused)) {
      throw new IOException("Input/output error");
    }
    step.run();
    steps.add(name);
  }

  private String name(Path path) {
    return root.relativize(path).toString();
  }

  @Override
  public void write(FileChannel file, ByteBuffer bytes) throws IOException {
    step("write", () -> SYSTEM.write(file, bytes));
  }

  @Override
  public void force(FileChannel file) throws IOException {
    step("force", () -> SYSTEM.force(file));
  }

  @Override
  public void rename(Path file, Path target) throws IOException {
    step("rename to " + name(target), () -> SYSTEM.rename(file, target));
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    step("force folder " + name(folder), () -> SYSTEM.forceFolder(folder));
  }
}
