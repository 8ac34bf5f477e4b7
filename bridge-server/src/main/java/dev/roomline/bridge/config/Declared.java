package dev.roomline.bridge.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the file declares and the API may not change: written into the store at start, marked {@code
 * source: file}, removed from it when gone from the file.
 */
public record Declared(
        List<Key> keys,
        List<Account> accounts,
        List<Room> rooms,
        List<Trunk> trunks,
        List<Route> routes,
        List<Webhook> webhooks) {
    public Declared {
        keys = List.copyOf(keys);
        accounts = List.copyOf(accounts);
        rooms = List.copyOf(rooms);
        trunks = List.copyOf(trunks);
        routes = List.copyOf(routes);
        webhooks = List.copyOf(webhooks);
    }

    /**
     * Names of the headers by which trunks are known: their values are shared secrets, shown
     * nowhere.
     */
    public Set<String> secretHeaders() {
        return secretHeaders(trunks);
    }

    /** The same of these trunks. */
    public static Set<String> secretHeaders(List<Trunk> trunks) {
        return trunks.stream()
                .flatMap(trunk -> trunk.requireHeaders().keySet().stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param key what a JWT names as {@code access_key} or {@code apikey}
     * @param secret signs JWTs; empty: this key signs none
     * @param token opaque bearer token; empty: none
     */
    public record Key(String key, Secret secret, Secret token, String name, List<Scope> scopes) {
        public Key {
            scopes = List.copyOf(scopes);
        }
    }

    public enum Scope {
        ADMIN,
        ROOMS,
        CALLS,
        READ
    }

    /**
     * @param rooms codes that it may enter; {@code *} is all
     */
    public record Account(String username, Secret password, List<String> rooms) {
        public Account {
            rooms = List.copyOf(rooms);
        }
    }

    /**
     * @param browsers {@code code} or {@code token}
     */
    public record Room(
            String name,
            List<Code> codes,
            String browsers,
            int maxParticipants,
            List<String> visibleAttributes,
            boolean hideNumbers) {
        public Room {
            codes = List.copyOf(codes);
            visibleAttributes = List.copyOf(visibleAttributes);
        }
    }

    /**
     * @param entry {@code phone}, {@code browser} or {@code both}
     */
    public record Code(String code, String role, Secret pin, String entry) {}

    /**
     * @param id as given, else derived from the name
     * @param direction {@code inbound}, {@code outbound} or {@code both}
     * @param address {@code host[:port][;transport=…]}; empty only where it is inbound alone
     * @param numberFormat {@code +e164}, {@code e164} or {@code national}
     * @param allow source addresses of inbound calls that need no digest, if the two below match
     * @param requireHeaders header names and values an inbound call must carry
     * @param sharedAddresses true: {@code allow} alone vouches for nobody
     * @param rooms which rooms its calls may enter; {@code *} is all
     * @param codecs empty: {@code media.codecs}
     * @param answerHeaders X- headers for our 200
     * @param maxCalls 0: no limit
     * @param callsPerSecond 0: no limit
     */
    public record Trunk(
            String id,
            String name,
            String direction,
            String address,
            String username,
            Secret password,
            List<String> numbers,
            String fromDomain,
            String numberFormat,
            String nationalPrefix,
            String country,
            List<Cidr> allow,
            Map<String, String> requireHeaders,
            boolean sharedAddresses,
            List<Cidr> mediaAllow,
            List<String> rooms,
            boolean register,
            Duration optionsPing,
            RoomlineConfig.Encryption mediaEncryption,
            List<String> codecs,
            boolean callerIdPrivacy,
            Map<String, String> answerHeaders,
            int maxCalls,
            int callsPerSecond) {
        public Trunk {
            numbers = List.copyOf(numbers);
            allow = List.copyOf(allow);
            requireHeaders = Map.copyOf(requireHeaders);
            mediaAllow = List.copyOf(mediaAllow);
            rooms = List.copyOf(rooms);
            codecs = List.copyOf(codecs);
            answerHeaders = Map.copyOf(answerHeaders);
        }
    }

    /**
     * Where a number leads. Of {@code room}, {@code ask} and {@code webhook} exactly one is set.
     *
     * @param trunk id of the trunk it comes over; empty: any
     * @param room a room's code, or {@code new}
     * @param ask {@code code}
     */
    public record Route(String number, String trunk, String room, String ask, String webhook) {}

    /**
     * @param format {@code standard}, {@code 100ms} or {@code videosdk}
     */
    public record Webhook(
            String url,
            String format,
            Secret secret,
            List<String> events,
            Map<String, Secret> headers,
            boolean allowPrivate) {
        public Webhook {
            events = List.copyOf(events);
            headers = Map.copyOf(headers);
        }
    }
}
