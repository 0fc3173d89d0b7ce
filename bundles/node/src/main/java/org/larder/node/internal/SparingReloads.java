package org.larder.node.internal;

import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock.WriteLock;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.larder.node.reload.ApplicationChange;
import org.larder.node.reload.BetweenRequests;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the REST whiteboard reload an application only if something about it changed, and never at
 * the cost of its requests. Whenever any application comes or goes, the whiteboard asks each of the
 * others {@code isChanged}, and up to 1.2.2 the answer is always yes. A reload waits until no
 * request is inside the application and lets none in meanwhile, so that one client that sends or
 * reads slowly would freeze them all while a plugin is dropped in; and it forgets replies that are
 * still being worked on.
 *
 * <p>With this, {@link ApplicationChange} answers instead, and {@link BetweenRequests} waits. Where
 * a method is no longer what is described here, it is left alone. Classes are woven by whichever
 * thread loads them; there is no state.
 */
final class SparingReloads implements WeavingHook {
  private static final Logger log = LoggerFactory.getLogger("org.larder.node");
  private static final String WHITEBOARD = "org.eclipse.osgitech.rest";
  private static final String PROVIDER =
      "org.eclipse.osgitech.rest.runtime.application.JerseyApplicationProvider";
  private static final String QUESTION = "isChanged(Ljakarta/ws/rs/core/Application;)Z";
  private static final List<Integer> ALWAYS_YES = List.of(Opcodes.ICONST_1, Opcodes.IRETURN);
  private static final String CONTAINER =
      "org.eclipse.osgitech.rest.runtime.WhiteboardServletContainer";
  private static final String RELOAD = "reload(Lorg/glassfish/jersey/server/ResourceConfig;)V";
  private static final String WRITE_LOCK = Type.getInternalName(WriteLock.class);

  @Override
  public void weave(WovenClass woven) {
    if (!WHITEBOARD.equals(woven.getBundleWiring().getBundle().getSymbolicName())) {
      return;
    }
    if (PROVIDER.equals(woven.getClassName())) {
      change(woven, QUESTION, SparingReloads::compare);
    } else if (CONTAINER.equals(woven.getClassName())) {
      change(woven, RELOAD, SparingReloads::waitBetweenRequests);
    }
  }

  private static void change(WovenClass woven, String wanted, Predicate<MethodNode> change) {
    ClassNode type = new ClassNode();
    new ClassReader(woven.getBytes()).accept(type, 0);
    for (MethodNode method : type.methods) {
      if (wanted.equals(method.name + method.desc) && change.test(method)) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        type.accept(writer);
        woven.setBytes(writer.toByteArray());
        woven.getDynamicImports().add(ApplicationChange.class.getPackageName());
        return;
      }
    }
    log.warn(
        "The REST whiteboard is another one than expected. If it still reloads applications that"
            + " did not change, or while requests are inside, slow clients hold up others while a"
            + " plugin comes or goes");
  }

  private static boolean compare(MethodNode question) {
    if (!opcodes(question).equals(ALWAYS_YES)) {
      return false;
    }
    question.instructions = comparison();
    question.localVariables = null;
    return true;
  }

  private static boolean waitBetweenRequests(MethodNode reload) {
    for (AbstractInsnNode each : reload.instructions) {
      if (each instanceof MethodInsnNode call
          && call.owner.equals(WRITE_LOCK)
          && call.name.equals("lock")) {
        reload.instructions.set(
            call,
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                Type.getInternalName(BetweenRequests.class),
                "lock",
                "(L" + WRITE_LOCK + ";)V"));
        return true;
      }
    }
    return false;
  }

  private static List<Integer> opcodes(MethodNode method) {
    return StreamSupport.stream(method.instructions.spliterator(), false)
        .map(AbstractInsnNode::getOpcode)
        .filter(opcode -> opcode >= 0)
        .toList();
  }

  private static InsnList comparison() {
    InsnList code = new InsnList();
    code.add(new VarInsnNode(Opcodes.ALOAD, 0));
    code.add(new VarInsnNode(Opcodes.ALOAD, 1));
    code.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC,
            Type.getInternalName(ApplicationChange.class),
            "isThere",
            "(Ljava/lang/Object;Ljava/lang/Object;)Z"));
    code.add(new InsnNode(Opcodes.IRETURN));
    return code;
  }
}
