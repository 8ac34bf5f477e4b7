package dev.roomline.bridge.store;

import dev.roomline.bridge.config.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what must be read again but not lie open in the database: AES-256-GCM, written as {@code
 * v1.<key id>.<nonce, ciphertext and tag in Base64>}. A sealed text opens at its own place alone:
 * moved to another row it is refused. The first key seals, the others only open, so a key is
 * changed by putting a new one before it. Thread-safe.
 */
final class SecretBox {
    private static final String VERSION = "v1";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int KEY_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, SecretKeySpec> keys;
    private final String first;
    private final String origin;
    private final Path file;
    private final boolean fresh;

    private SecretBox(Map<String, SecretKeySpec> keys, String origin, Path file, boolean fresh) {
        this.keys = keys;
        this.first = keys.keySet().iterator().next();
        this.origin = origin;
        this.file = file;
        this.fresh = fresh;
    }

    /** Where a sealed text stands; it is part of what is authenticated. */
    record Place(String table, String column, String row) {}

    /**
     * With the configured keys, else with those of {@code folder/store.key}, a line each; without
     * such a file a key is made, which {@link #keep} writes down.
     */
    static SecretBox open(Path folder, Secret configured) throws IOException {
        Path file = folder.resolve("store.key");
        if (!configured.isEmpty()) {
            return new SecretBox(ring(configured.value(), ","), "database.key", file, false);
        }
        if (Files.exists(file)) {
            String lines = Files.readString(file).strip();
            try {
                return new SecretBox(ring(lines, "\\s+"), file.toString(), file, false);
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " does not hold keys of 32 bytes in Base64", e);
            }
        }
        byte[] made = new byte[KEY_BYTES];
        RANDOM.nextBytes(made);
        String text = Base64.getEncoder().encodeToString(made);
        return new SecretBox(ring(text, ","), file.toString(), file, true);
    }

    private static Map<String, SecretKeySpec> ring(String texts, String separator) {
        Map<String, SecretKeySpec> ring = new LinkedHashMap<>();
        for (String text : texts.split(separator)) {
            byte[] key = Base64.getDecoder().decode(text.strip());
            if (key.length != KEY_BYTES) {
                throw new IllegalArgumentException("a key has 32 bytes");
            }
            ring.putIfAbsent(id(key), new SecretKeySpec(key, "AES"));
        }
        return ring;
    }

    /** Tells a key from others and nothing about it. */
    private static String id(byte[] key) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update("roomline key id".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash.digest(key), 0, 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes a key that was made down, mode 0600, before anything is sealed with it. */
    void keep() throws IOException {
        if (fresh) {
            byte[] key = keys.values().iterator().next().getEncoded();
            PrivateFiles.write(file, Base64.getEncoder().encodeToString(key) + "\n");
        }
    }

    /** Of the key that seals. */
    String keyId() {
        return first;
    }

    /** Where the keys were looked for, for sentences. */
    String origin() {
        return origin;
    }

    /** Whether it is sealed as this class seals, with the key that seals now. */
    boolean isCurrent(String text) {
        return text.startsWith(VERSION + "." + first + ".");
    }

    /** What earlier versions wrote bears no version. */
    static boolean hasVersion(String text) {
        return text.startsWith(VERSION + ".");
    }

    /** Nothing is sealed to nothing. */
    String seal(Secret secret, Place place) {
        if (secret.isEmpty()) {
            return "";
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, first, nonce);
            cipher.updateAAD(associated(first, place));
            byte[] closed = cipher.doFinal(secret.value().getBytes(StandardCharsets.UTF_8));
            byte[] all =
                    ByteBuffer.allocate(nonce.length + closed.length)
                            .put(nonce)
                            .put(closed)
                            .array();
            return VERSION + "." + first + "." + Base64.getEncoder().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new StoreException("A secret could not be sealed.", e);
        }
    }

    Secret unseal(String text, Place place) {
        if (text.isEmpty()) {
            return Secret.NONE;
        }
        String[] parts = text.split("\\.", 3);
        if (parts.length != 3 || !parts[0].equals(VERSION)) {
            throw new StoreException(
                    "A secret in the store (" + where(place) + ") is not sealed as it should be.",
                    new IllegalArgumentException("no version"));
        }
        if (!keys.containsKey(parts[1])) {
            throw new StoreException(unknownKey(parts[1]), new IllegalArgumentException("key id"));
        }
        try {
            byte[] all = Base64.getDecoder().decode(parts[2]);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, parts[1], Arrays.copyOf(all, NONCE_BYTES));
            cipher.updateAAD(associated(parts[1], place));
            return text(cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StoreException(
                    "A secret in the store (" + where(place) + ") was changed by somebody else.",
                    e);
        }
    }

    private String unknownKey(String id) {
        return "The secrets in the database are sealed with the key "
                + id
                + ", which is not in "
                + origin
                + " (there: "
                + String.join(", ", keys.keySet())
                + "); put that key back.";
    }

    /** What the first versions wrote: no version, no key id, no place. */
    Secret unsealUnversioned(String text) {
        try {
            byte[] all = Base64.getDecoder().decode(text);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, first, Arrays.copyOf(all, NONCE_BYTES));
            return text(cipher.doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new StoreException(
                    "A secret in the store was sealed with another key than that of "
                            + origin
                            + "; put that key back.",
                    e);
        }
    }

    private static Secret text(byte[] plain) {
        return new Secret(new String(plain, StandardCharsets.UTF_8));
    }

    private Cipher cipher(int mode, String keyId, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private static byte[] associated(String keyId, Place place) {
        return String.join(
                        "\n",
                        "roomline",
                        VERSION,
                        keyId,
                        place.table(),
                        place.column(),
                        place.row())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String where(Place place) {
        return place.table() + "." + place.column() + " of " + place.row();
    }
}
