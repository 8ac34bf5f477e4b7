package dev.roomline.sip.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** A 32-byte secret in a file that only its owner can read. Called at boot, before any loop. */
public final class SecretKeyFile {
    private static final int KEY_BYTES = 32;

    private SecretKeyFile() {}

    /**
     * Reads the key, or makes it if there is none. Two processes that start at once end up with the
     * same key, and a crash leaves either a whole file or none.
     *
     * @throws IOException if it cannot be read or written, or has another length than 32 bytes
     */
    public static byte[] loadOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != KEY_BYTES) {
            throw new IOException(
                    file
                            + " must hold "
                            + KEY_BYTES
                            + " bytes, it has "
                            + key.length
                            + "; delete it to have a new one made");
        }
        return key;
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + " has no folder");
        }
        Files.createDirectories(folder);
        byte[] key = new byte[KEY_BYTES];
        SecureRandom random = new SecureRandom();
        random.nextBytes(key);
        Path whole = folder.resolve(file.getFileName() + "." + Long.toHexString(random.nextLong()));
        try {
            write(whole, key);
            // a link fails where a file is: the first of two processes wins, the other reads it
            Files.createLink(file, whole);
        } catch (FileAlreadyExistsException other) {
            return;
        } catch (UnsupportedOperationException noLinks) {
            Files.move(whole, file);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private static void write(Path file, byte[] key) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        Set<StandardOpenOption> options =
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(file, options, ownerOnly)) {
            ByteBuffer content = ByteBuffer.wrap(key);
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
    }
}
