package dev.roomline.sip.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretKeyFileTest {
    @TempDir Path folder;

    @Test
    void theKeyIsMadeOnceForItsOwnerAlone() throws IOException {
        Path file = folder.resolve("data/nonce.key");
        byte[] key = SecretKeyFile.loadOrCreate(file);
        assertThat(key).hasSize(32);
        assertThat(SecretKeyFile.loadOrCreate(file)).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void anotherFileGivesAnotherKey() throws IOException {
        assertThat(SecretKeyFile.loadOrCreate(folder.resolve("a")))
                .isNotEqualTo(SecretKeyFile.loadOrCreate(folder.resolve("b")));
    }

    @Test
    void aFileOfAnotherLengthIsRefusedByName() throws IOException {
        Path file = Files.write(folder.resolve("short.key"), new byte[31]);
        assertThatThrownBy(() -> SecretKeyFile.loadOrCreate(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("short.key")
                .hasMessageContaining("31");
    }
}
