package dev.tokenservice;

import dev.tokenservice.configuration.ConfigurationModel;
import dev.tokenservice.configuration.Setting;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An option that names a setting: settings are variables and keys of the file, and no options. */
final class UnknownOption {

    private UnknownOption() {}

    /** What to do instead of the first option that names a setting; empty if none does. */
    static Optional<String> advice(ConfigurationModel<?> model, String... arguments) {
        List<String> all = Arrays.asList(arguments);
        return all.stream()
                .filter(argument -> argument.startsWith("-"))
                .flatMap(option -> model.meantBy(name(option)).stream()
                        .map(setting -> advice(option, value(option, all), setting)))
                .findFirst();
    }

    private static String advice(String option, String value, Setting setting) {
        String variable = setting.variables().get(0);
        String dashed = option.replaceFirst("=.*", "");
        return setting.isSecret()
                ? "unknown option " + dashed + "; set " + variable
                : "unknown option " + dashed + "; set " + variable + "=" + value + " or java -Ddw." + setting.path()
                        + "=" + value;
    }

    private static String name(String option) {
        return option.replaceFirst("^-+", "").replaceFirst("=.*", "");
    }

    private static String value(String option, List<String> arguments) {
        if (option.contains("=")) {
            return option.substring(option.indexOf('=') + 1);
        }
        int next = arguments.indexOf(option) + 1;
        return next < arguments.size() && !arguments.get(next).startsWith("-") ? arguments.get(next) : "...";
    }
}
