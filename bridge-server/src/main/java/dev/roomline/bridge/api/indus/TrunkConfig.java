package dev.roomline.bridge.api.indus;

import dev.roomline.bridge.api.Loose;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The presets of the two kinds of trunk: what is told of one becomes fields of a trunk of ours. */
final class TrunkConfig {
    static final List<String> KINDS = List.of("twilio", "exotel");

    private static final String EXOTEL_HOST = "pstn.in1.exotel.com";
    private static final int EXOTEL_PORT = 5070;
    private static final String INDIA = "91";
    private static final String E164 = "\\+[1-9]\\d{6,14}";
    private static final String EXOTEL_NUMBER = "\\+?\\d{7,15}";
    private static final String HOST = "[A-Za-z0-9.-]{1,253}";
    private static final int MOST_NUMBERS = 100;

    private TrunkConfig() {}

    /**
     * Faults are the body's, who asks for them.
     *
     * @param kind one of {@link #KINDS}
     */
    static Map<String, Object> fields(String kind, Loose body) {
        Loose config =
                body.free("trunk_config").map(Loose::new).orElseGet(() -> new Loose(Map.of()));
        Map<String, Object> fields = kind.equals("twilio") ? twilio(config) : exotel(config);
        config.fault()
                .ifPresent(
                        fault ->
                                body.fault(
                                        "trunk_config does not fit trunk_type "
                                                + kind
                                                + ": "
                                                + fault));
        return fields;
    }

    private static Map<String, Object> twilio(Loose config) {
        Map<String, Object> fields = new LinkedHashMap<>();
        text(config, "address", fields);
        List<String> numbers = config.texts("numbers", MOST_NUMBERS).orElse(List.of());
        if (numbers.isEmpty()) {
            config.fault("numbers is required");
        } else if (!numbers.stream().allMatch(number -> number.matches(E164))) {
            config.fault("numbers must be written as +15550100000");
        }
        fields.put("numbers", numbers);
        text(config, "username", fields);
        text(config, "password", fields);
        return fields;
    }

    private static void text(Loose config, String name, Map<String, Object> fields) {
        config.text(name, 255)
                .ifPresentOrElse(
                        text -> fields.put(name, text), () -> config.fault(name + " is required"));
    }

    /** TCP, since Exotel has no UDP; it knows its customers by their addresses. */
    private static Map<String, Object> exotel(Loose config) {
        Map<String, Object> fields = new LinkedHashMap<>();
        String number = config.text("exotel_number", 32).orElse("");
        if (number.isEmpty()) {
            config.fault("exotel_number is required");
        } else if (!number.matches(EXOTEL_NUMBER)) {
            config.fault("exotel_number must be a telephone number");
        }
        String host = config.text("sip_host", 253).orElse(EXOTEL_HOST);
        String domain = config.text("sip_domain", 253).orElse("");
        if (!host.matches(HOST)) {
            config.fault("sip_host must be a name or an address");
        }
        if (!domain.matches("|" + HOST)) {
            config.fault("sip_domain must be a name");
        }
        int port = config.whole("sip_port", 1, 65_535).orElse(EXOTEL_PORT);
        fields.put("address", host + ":" + port + ";transport=tcp");
        if (!domain.isEmpty()) {
            fields.put("from_domain", domain);
        }
        fields.put("numbers", List.of(number));
        // an account whose own number is a national one wants all numbers so
        if (number.startsWith("0")) {
            fields.put("number_format", "national");
            fields.put("national_prefix", "0");
            fields.put("country", INDIA);
        }
        return fields;
    }
}
