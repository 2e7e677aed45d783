import {
  and,
  compileFilter,
  type Filter,
  filterSchema,
  type Match,
  not,
} from './addressFilters.ts';
import type { TemplateFindings } from './templateFindings.ts';
import { issueOf, type TemplateSections } from './templateSections.ts';

/** No template nests filters, or classes, deeper; one that does is faulty or hostile. */
const maxNesting = 20;

/** The address classes of one template. */
export interface AddressClasses {
  /** The names of the addresses in a class; null if the template does not define the class. */
  members(className: string): ReadonlySet<string> | null;
}

/**
 * Selects the members of the address classes of a template. An address whose membership pstrace
 * cannot decide is left out of the class, which becomes a finding.
 */
export function createAddressClasses(
  sections: TemplateSections,
  findings: TemplateFindings,
): AddressClasses {
  const classes = sections['address-classes'];
  const filters = new Map<string, Filter>();
  const selections = new Map<string, ReadonlySet<string>>();
  let depth = 0;

  function filterOf(className: string): Filter {
    const filter = filters.get(className) ?? deferred(() => compileClass(className));
    filters.set(className, filter);
    return filter;
  }

  /** Takes no notice of the data source, as psConfig does if a filter names the class. */
  function compileClass(className: string): Filter {
    const { 'match-filter': match, 'exclude-filter': exclude } = classes.get(className) ?? {};
    if (!classes.has(className)) {
      findings.addInvalid('a filter names an undefined address class', className);
      return () => false;
    }
    const compile = createCompiler(className);
    const matches = match === undefined ? () => true : compile(match, 1);
    const excludes = exclude === undefined ? () => false : compile(exclude, 1);
    return decidedOnce((address, name) => {
      if (depth >= maxNesting) return 'too many nested classes';
      depth += 1;
      const found = and([matches(address, name), not(excludes(address, name))]);
      depth -= 1;
      return found;
    });
  }

  function createCompiler(className: string): (value: unknown, nesting: number) => Filter {
    return function compile(value, nesting) {
      const { data, error } = filterSchema.safeParse(value);
      if (data !== undefined && nesting <= maxNesting) {
        const compileInner = (inner: unknown) => compile(inner, nesting + 1);
        return compileFilter(data, {
          hosts: sections.hosts,
          compile: compileInner,
          classFilter: filterOf,
        });
      }
      const { rule, path } = error ? issueOf(error) : { rule: 'it is nested too deeply', path: '' };
      findings.addInvalid(`an address class has an invalid filter: ${rule}`, className, path);
      return () => 'an invalid filter';
    };
  }

  function select(className: string): ReadonlySet<string> {
    const label = 'an address class';
    if (classes.get(className)?.['data-source'].type === 'requesting-agent') {
      findings.addUnread(
        `${label} consists of the hosts that read the template; it stays empty`,
        className,
      );
      return new Set();
    }
    const members = new Set<string>();
    for (const [name, address] of sections.addresses) {
      const match = filterOf(className)(address, name);
      if (match === true) members.add(name);
      if (typeof match === 'string')
        findings.addUnread(
          `${label} depends on ${match}; it lacks the addresses concerned`,
          className,
        );
    }
    return members;
  }

  return {
    members(className) {
      if (!classes.has(className)) return null;
      const members = selections.get(className) ?? select(className);
      selections.set(className, members);
      return members;
    },
  };
}

/** Compiles a filter when it is first used, so that classes may refer to one another. */
function deferred(compile: () => Filter): Filter {
  let filter: Filter | null = null;
  return (address, name) => {
    filter ??= compile();
    return filter(address, name);
  };
}

/** Decides each address once, so that classes of classes stay cheap; a circle is undecided. */
function decidedOnce(filter: Filter): Filter {
  const known = new Map<string, Match>();
  return (address, name) => {
    const match = known.get(name);
    if (match !== undefined) return match;
    known.set(name, 'a class that refers to itself');
    const found = filter(address, name);
    known.set(name, found);
    return found;
  };
}
