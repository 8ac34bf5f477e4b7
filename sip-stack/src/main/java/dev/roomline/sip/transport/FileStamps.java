package dev.roomline.sip.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells whether files are others than at the last look. Confined to whoever looks. */
public final class FileStamps {
    /** Where a link leads counts: certificates are often changed by turning one. */
    private record Stamp(long modifiedMillis, long octets, @Nullable Object key) {}

    private final List<Path> files;
    private Map<Path, Stamp> last;

    private FileStamps(List<Path> files) {
        this.files = List.copyOf(files);
        this.last = now();
    }

    public static FileStamps of(List<Path> files) {
        return new FileStamps(files);
    }

    /** Since the last look, or since it was made. Blocks. */
    public boolean changed() {
        Map<Path, Stamp> now = now();
        boolean changed = !now.equals(last);
        last = now;
        return changed;
    }

    private Map<Path, Stamp> now() {
        Map<Path, Stamp> stamps = new HashMap<>();
        for (Path file : files) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                stamps.put(
                        file,
                        new Stamp(
                                found.lastModifiedTime().toMillis(),
                                found.size(),
                                found.fileKey()));
            } catch (IOException gone) {
                stamps.put(file, new Stamp(0, 0, null));
            }
        }
        return stamps;
    }
}
