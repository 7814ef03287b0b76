package dev.tokenservice.configuration;

import java.util.List;

/**
 * One thing that is wrong with the configuration.
 *
 * @param path the setting, its keys joined by dots; or the name of the file, where it is wrong as a whole
 * @param variables every name of the setting's environment variable; none if nothing known stands at the path
 * @param found what stands there now; empty if nothing does, and never a secret
 * @param allowed what may stand there
 */
public record Problem(String path, List<String> variables, String found, String allowed) {

    static Problem ofFile(String name, String problem) {
        return new Problem(name, List.of(), "", problem);
    }

    /** Returns the setting, and its environment variable where it has one. */
    public String setting() {
        return variables.isEmpty() ? path : path + " (" + String.join(" or ", variables) + ")";
    }

    /** The same without the value, nor what a suggestion would tell of it. */
    Problem withoutValue() {
        return new Problem(
                path,
                variables,
                found.isEmpty() ? "" : "a value that is not shown",
                allowed.replaceFirst("[;:] did you mean .*", ""));
    }

    /** One line: the setting, its environment variable, what was found, what is allowed. */
    public String line() {
        return setting() + ": " + (found.isEmpty() ? "" : "found " + found + ", ") + allowed;
    }
}
