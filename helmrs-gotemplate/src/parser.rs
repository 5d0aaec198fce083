//! The parser: tokens in, trees out.
// Parity: Go, text/template/parse/parse.go, whose errors these are.

mod pipeline;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::ast::{Action, Branch, Invocation, Node, Pipe, Source, Span, Tree};
use crate::error::{Place, TemplateError};
use crate::functions::Functions;
use crate::lexer::Lexer;
use crate::literal;
use crate::number::quote;
use crate::stack::deepen;
use crate::token::{LexError, Token, TokenKind};
use crate::value::Text;

/// What a text defines: its own tree first, then those of its `define`s and `block`s.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) main: Rc<Tree>,
    pub(crate) definitions: Vec<Rc<Tree>>,
}

/// Parses a text under a name.
pub(crate) fn parse(
    name: &str,
    text: &Text,
    functions: &Functions,
) -> Result<Parsed, TemplateError> {
    let source = Rc::new(Source {
        name: name.to_owned(),
        text: text.clone(),
    });
    let mut parser = Parser {
        lexer: Lexer::new(text),
        text,
        source: Rc::clone(&source),
        functions,
        tree: TreeState::new(),
        variables: BTreeMap::from([(b"$".to_vec(), 0)]),
        trees: BTreeMap::new(),
        end: 0,
    };
    let root = parser.whole()?;
    parser.add(Tree {
        name: name.into(),
        source,
        root,
    })?;
    let mut trees = parser.trees;
    let main = trees
        .remove(name.as_bytes())
        .expect("the whole text was just added, or its name before it");
    Ok(Parsed {
        main,
        definitions: trees.into_values().collect(),
    })
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    text: &'t [u8],
    source: Rc<Source>,
    functions: &'t Functions,
    tree: TreeState<'t>,
    /// A number for each name of a variable.
    variables: BTreeMap<Vec<u8>, u32>,
    trees: BTreeMap<Text, Rc<Tree>>,
    /// Where the last token that was taken ends.
    end: usize,
}

/// What is known while one tree is parsed; a `define` or `block` starts anew.
struct TreeState<'t> {
    /// Up to three tokens, the one read last first.
    tokens: [Token<'t>; 3],
    /// How many of them are to be read again.
    pending: usize,
    /// The variables in sight.
    variables: Vec<Vec<u8>>,
    /// Where the action being parsed starts.
    action: Option<usize>,
    range_depth: usize,
    paren_depth: usize,
}

impl TreeState<'_> {
    fn new() -> Self {
        let nothing = Token {
            kind: TokenKind::Eof,
            start: 0,
            text: &[],
        };
        Self {
            tokens: [nothing; 3],
            pending: 0,
            variables: vec![b"$".to_vec()],
            action: None,
            range_depth: 0,
            paren_depth: 0,
        }
    }
}

/// How a list of nodes ended.
enum Ending {
    End,
    Else,
}

impl Ending {
    fn text(&self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

/// A node, or the end of the list it would stand in.
enum Item {
    Node(Node),
    Ending(Ending),
}

/// Which of the three actions with a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Control {
    If,
    With,
    Range,
}

impl Control {
    fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }

    fn node(self, branch: Branch) -> Node {
        match self {
            Self::If => Node::If(Box::new(branch)),
            Self::With => Node::With(Box::new(branch)),
            Self::Range => Node::Range(Box::new(branch)),
        }
    }
}

impl<'t> Parser<'t> {
    fn next(&mut self) -> Token<'t> {
        if self.tree.pending > 0 {
            self.tree.pending -= 1;
        } else {
            self.tree.tokens[0] = self.lexer.next_token();
        }
        let token = self.tree.tokens[self.tree.pending];
        self.end = token.start + token.text.len();
        token
    }

    fn backup(&mut self) {
        self.tree.pending += 1;
    }

    fn peek(&mut self) -> Token<'t> {
        if self.tree.pending == 0 {
            self.tree.tokens[0] = self.lexer.next_token();
            self.tree.pending = 1;
        }
        self.tree.tokens[self.tree.pending - 1]
    }

    fn next_word(&mut self) -> Token<'t> {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token<'t> {
        let token = self.next_word();
        self.backup();
        token
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Result<Token<'t>, TemplateError> {
        let token = self.next_word();
        if token.kind == kind {
            Ok(token)
        } else {
            Err(self.unexpected(token, context))
        }
    }

    fn line_of(&self, offset: usize) -> usize {
        Place::of(self.text, offset).line
    }

    /// Makes an error at the token read last, which may be one ahead of the one at fault.
    fn error(&self, message: impl Into<String>) -> TemplateError {
        TemplateError::Parse {
            template: self.source.name.clone(),
            line: self.line_of(self.tree.tokens[0].start),
            message: message.into(),
        }
    }

    fn unexpected(&self, token: Token<'t>, context: &str) -> TemplateError {
        let TokenKind::Error(error) = token.kind else {
            return self.error(format!("unexpected {token} in {context}"));
        };
        let started = self.tree.action.map(|start| self.line_of(start));
        let Some(started) = started.filter(|line| *line != self.line_of(token.start)) else {
            return self.error(token.to_string());
        };
        let within = if error == LexError::UnclosedAction {
            ""
        } else {
            " in action"
        };
        self.error(format!(
            "{token}{within} started at {}:{started}",
            self.source.name
        ))
    }

    fn span_from(&self, start: usize) -> Span {
        Span {
            start,
            end: self.end.max(start),
        }
    }

    /// Keeps a tree; of two with the same name, one must be empty.
    fn add(&mut self, tree: Tree) -> Result<(), TemplateError> {
        match self.trees.get(&tree.name) {
            Some(old) if !old.is_empty() => {
                if tree.is_empty() {
                    return Ok(());
                }
                let name = quote(&tree.name);
                Err(self.error(format!("template: multiple definition of template {name}")))
            }
            _ => {
                self.trees.insert(tree.name.clone(), Rc::new(tree));
                Ok(())
            }
        }
    }

    /// Parses the whole text.
    fn whole(&mut self) -> Result<Vec<Node>, TemplateError> {
        let mut nodes = Vec::new();
        while self.peek().kind != TokenKind::Eof {
            if self.peek().kind == TokenKind::LeftDelim {
                let delimiter = self.next();
                if self.next_word().kind == TokenKind::Define {
                    self.definition()?;
                    continue;
                }
                self.tree.tokens[1] = delimiter;
                self.tree.pending = 2;
            }
            match self.text_or_action()? {
                Item::Node(node) => nodes.push(node),
                Item::Ending(ending) => {
                    return Err(self.error(format!("unexpected {}", ending.text())));
                }
            }
        }
        Ok(nodes)
    }

    /// Parses the rest of a `define`.
    fn definition(&mut self) -> Result<(), TemplateError> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.tree, TreeState::new());
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        let (root, ending) = self.list()?;
        if let Ending::Else = ending {
            return Err(self.error(format!("unexpected {} in {CONTEXT}", ending.text())));
        }
        self.add(Tree {
            name,
            source: Rc::clone(&self.source),
            root,
        })?;
        self.tree = outer;
        Ok(())
    }

    /// Parses nodes up to `end` or `else`.
    fn list(&mut self) -> Result<(Vec<Node>, Ending), TemplateError> {
        let mut nodes = Vec::new();
        while self.peek_word().kind != TokenKind::Eof {
            match self.text_or_action()? {
                Item::Node(node) => nodes.push(node),
                Item::Ending(ending) => return Ok((nodes, ending)),
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Result<Item, TemplateError> {
        let token = self.next_word();
        match token.kind {
            TokenKind::Text => Ok(Item::Node(Node::Text(self.span_from(token.start)))),
            TokenKind::LeftDelim => {
                self.tree.action = Some(token.start);
                let item = self.action();
                self.tree.action = None;
                item
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    fn action(&mut self) -> Result<Item, TemplateError> {
        let token = self.next_word();
        let node = match token.kind {
            TokenKind::Block => self.block()?,
            TokenKind::Break => self.leave(Node::Break, "{{break}}")?,
            TokenKind::Continue => self.leave(Node::Continue, "{{continue}}")?,
            TokenKind::Else => return self.otherwise(),
            TokenKind::End => {
                self.expect(TokenKind::RightDelim, "end")?;
                return Ok(Item::Ending(Ending::End));
            }
            TokenKind::If => self.control(Control::If)?,
            TokenKind::Range => self.control(Control::Range)?,
            TokenKind::With => self.control(Control::With)?,
            TokenKind::Template => self.invocation()?,
            _ => {
                self.backup();
                let start = self.peek().start;
                let pipe = self.pipeline("command", TokenKind::RightDelim)?;
                Node::Action(Action {
                    span: self.span_from(start),
                    pipe,
                })
            }
        };
        Ok(Item::Node(node))
    }

    fn leave(&mut self, node: Node, name: &str) -> Result<Node, TemplateError> {
        self.expect(TokenKind::RightDelim, name)?;
        if self.tree.range_depth == 0 {
            return Err(self.error(format!("{name} outside {{{{range}}}}")));
        }
        Ok(node)
    }

    /// Parses the rest of an `else`; what follows in `else if` and `else with` is left to be read.
    fn otherwise(&mut self) -> Result<Item, TemplateError> {
        let token = self.peek_word();
        if !matches!(token.kind, TokenKind::If | TokenKind::With) {
            self.expect(TokenKind::RightDelim, "else")?;
        }
        Ok(Item::Ending(Ending::Else))
    }

    fn control(&mut self, control: Control) -> Result<Node, TemplateError> {
        deepen(|| {
            let in_sight = self.tree.variables.len();
            let node = self.branch(control)?;
            self.tree.variables.truncate(in_sight);
            Ok(node)
        })
    }

    fn branch(&mut self, control: Control) -> Result<Node, TemplateError> {
        let pipe = self.pipeline(control.word(), TokenKind::RightDelim)?;
        let range = usize::from(control == Control::Range);
        self.tree.range_depth += range;
        let (body, ending) = self.list()?;
        self.tree.range_depth -= range;
        let otherwise = match ending {
            Ending::End => Vec::new(),
            Ending::Else => self.else_body(control)?,
        };
        Ok(control.node(Branch {
            pipe,
            body,
            otherwise,
        }))
    }

    /// Parses what follows an `else`, where `else if` and `else with` need no `end` of their own.
    fn else_body(&mut self, control: Control) -> Result<Vec<Node>, TemplateError> {
        let next = self.peek().kind;
        if control == Control::If && next == TokenKind::If
            || control == Control::With && next == TokenKind::With
        {
            self.next();
            return Ok(vec![self.control(control)?]);
        }
        match self.list()? {
            (nodes, Ending::End) => Ok(nodes),
            (_, ending @ Ending::Else) => {
                Err(self.error(format!("expected end; found {}", ending.text())))
            }
        }
    }

    fn block(&mut self) -> Result<Node, TemplateError> {
        const CONTEXT: &str = "block clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        let span = self.span_from(token.start);
        let outer = std::mem::replace(&mut self.tree, TreeState::new());
        let (root, ending) = deepen(|| self.list())?;
        let tree = Tree {
            name: name.clone(),
            source: Rc::clone(&self.source),
            root,
        };
        if let Ending::Else = ending {
            self.tree = outer;
            return Err(self.error(format!("unexpected {} in {CONTEXT}", ending.text())));
        }
        self.add(tree)?;
        self.tree = outer;
        Ok(Node::Template(Box::new(Invocation {
            span,
            name,
            pipe: Some(pipe),
        })))
    }

    fn invocation(&mut self) -> Result<Node, TemplateError> {
        const CONTEXT: &str = "template clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let mut pipe: Option<Pipe> = None;
        if self.next_word().kind != TokenKind::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, TokenKind::RightDelim)?);
        }
        Ok(Node::Template(Box::new(Invocation {
            span: self.span_from(token.start),
            name,
            pipe,
        })))
    }

    fn template_name(&mut self, token: Token<'t>, context: &str) -> Result<Text, TemplateError> {
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(token, context));
        }
        literal::unquote(token.text)
            .map(Text::from)
            .map_err(|message| self.error(message))
    }
}
