package dev.tokenservice.configuration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The environment variables that files give the service, as far as files tell. */
final class DeclaredVariables {

    private final Map<String, String> values = new LinkedHashMap<>();
    private final Map<String, String> atRunTime = new LinkedHashMap<>();
    private final Set<String> hidden = new LinkedHashSet<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> gaps = new ArrayList<>();

    /** Sets a variable instead of what was set before. */
    void set(String name, String value) {
        atRunTime.remove(name);
        hidden.remove(name);
        values.put(name, value);
    }

    /** The same with a value that no message may repeat. */
    void setHidden(String name, String value) {
        set(name, value);
        hidden.add(name);
    }

    /** Lets no message repeat any value. */
    void hideAll() {
        hidden.addAll(values.keySet());
    }

    /** Sets a variable to what only the platform knows, and says why no file tells it. */
    void setAtRunTime(String name, String reason) {
        values.remove(name);
        atRunTime.put(name, reason);
    }

    /** Notes what is wrong with a declaration itself; never a value. */
    void refuse(String problem) {
        problems.add(problem);
    }

    /** Notes why there may be more variables than these. */
    void leaveOpen(String reason) {
        gaps.add(reason);
    }

    /** Sets what other variables set, instead of what was set before, with a prefix before each name. */
    void setAll(DeclaredVariables others, String prefix) {
        others.values.forEach((name, value) -> {
            if (others.hidden.contains(name)) {
                setHidden(prefix + name, value);
            } else {
                set(prefix + name, value);
            }
        });
        others.atRunTime.forEach((name, reason) -> setAtRunTime(prefix + name, reason));
        gaps.addAll(others.gaps);
    }

    /** Sets a variable to what another one of other variables is; does nothing if there is none. */
    void setAs(String name, DeclaredVariables others, String key) {
        if (others.hidden.contains(key)) {
            setHidden(name, String.valueOf(others.values.get(key)));
        } else if (others.values.containsKey(key)) {
            set(name, String.valueOf(others.values.get(key)));
        } else if (others.atRunTime.containsKey(key)) {
            setAtRunTime(name, String.valueOf(others.atRunTime.get(key)));
        }
    }

    /** Returns the value of a variable, where a file tells it. */
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean has(String name) {
        return values.containsKey(name) || atRunTime.containsKey(name);
    }

    /** All names, whether their value is known or not. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>(values.keySet());
        names.addAll(atRunTime.keySet());
        return names;
    }

    /** Returns those whose value no file tells, with the reason. */
    Map<String, String> atRunTime() {
        return atRunTime;
    }

    /** Returns those whose value no message may repeat. */
    Set<String> hidden() {
        return hidden;
    }

    /** What is wrong with the declarations themselves. */
    List<String> problems() {
        return problems;
    }

    /** Why there may be more variables than these; empty if these are all. */
    List<String> gaps() {
        return gaps;
    }

    /**
     * An environment to validate. What is known at run time only must count as set, so that nothing is missed in its place;
     * what is found wrong with its stand-in says nothing.
     */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(values);
        atRunTime.keySet().forEach(name -> environment.put(name, "known-at-run-time-" + environment.size()));
        return environment;
    }
}
