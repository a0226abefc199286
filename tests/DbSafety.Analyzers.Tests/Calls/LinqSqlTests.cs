using DbSafety.Analyzers.Facts;
using DbSafety.Sql.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace DbSafety.Analyzers.Tests.Calls;

/// <summary>Queries of EF Core read as SQL, against the real packages. That EF Core runs the same is proved in the tests with Npgsql.</summary>
public sealed class LinqSqlTests
{
    private const string Fields = """
        using System.Text.Json;
        using Microsoft.EntityFrameworkCore;
        using DbSafety.Postgres.Tests.Queries;

        public static class Queries
        {
            private static int _id = 5, _days = 3;
            private static string _name = "x", _json = "{}";
            private static string? _maybeName = "d";
            private static DateTime _when;
            private static int[] _ids = { 1, 2 };
            private static List<long> _bigs = new() { 1 };
            private static decimal _money = 1;
            private static long _big = 4;
            private static short _small = 3;
            private static OrderState _state = OrderState.Paid;
            private static int? _maybe = 4;
            private static bool _flag = true;

            private static IQueryable<Order> Open(this IQueryable<Order> orders) => orders.Where(o => o.IsOpen);

            private static IQueryable<Order> OfCustomer(ShopContext db, int id) => db.Orders.Where(o => o.CustomerId == id);

            private static IQueryable<Order> Two(ShopContext db)
            {
                Console.WriteLine();
                return db.Orders.Where(o => o.IsOpen);
            }


        """;

    /// <summary>One after another: a query, and below it what is read; ¿ stands for a hole.</summary>
    private const string Cases = """
        Equal_or: db.Orders.Where(o => o.CustomerId == _id && o.Total > 10m || o.IsOpen).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = @_id AND "o"."Total" > 10.0 OR "o"."IsOpen"
        Not_flag_enum_sorted_paged: db.Orders.Where(o => !o.IsOpen && o.State == OrderState.Paid).OrderBy(o => o.PlacedAt).ThenByDescending(o => o.Id).Skip(5).Take(10).ToList()
            SELECT * FROM "orders" AS "o" WHERE NOT ("o"."IsOpen") AND "o"."State" = 1 ORDER BY "o"."PlacedAt", "o"."Id" DESC LIMIT 10 OFFSET 5
        First_of_key: db.Orders.First(o => o.Id == _id)
            SELECT * FROM "orders" AS "o" WHERE "o"."Id" = @_id LIMIT 1
        Single_or_default: db.Orders.SingleOrDefault(o => o.Id == _id)
            SELECT * FROM "orders" AS "o" WHERE "o"."Id" = @_id LIMIT 2
        Any_of: db.Orders.Any(o => o.Id == _id)
            SELECT EXISTS (SELECT 1 FROM "orders" AS "o" WHERE "o"."Id" = @_id)
        Any_of_all: db.Orders.Any()
            SELECT EXISTS (SELECT 1 FROM "orders" AS "o")
        All_of: db.Orders.All(o => o.Total > 5)
            SELECT NOT EXISTS (SELECT 1 FROM "orders" AS "o" WHERE "o"."Total" <= 5.0)
        Count_nullable: db.Orders.Count(o => o.CouponId == _maybe)
            SELECT count(*) FROM "orders" AS "o" WHERE "o"."CouponId" = @_maybe
        Long_count: db.Orders.Where(o => o.CustomerId == _id).LongCount()
            SELECT count(*) FROM "orders" AS "o" WHERE "o"."customer_id" = @_id
        Last_of_order: db.Orders.OrderBy(o => o.PlacedAt).Last()
            SELECT * FROM "orders" AS "o" ORDER BY "o"."PlacedAt" DESC LIMIT 1
        Find_key: db.Orders.Find(5L)
            SELECT * FROM "orders" AS "o" WHERE "o"."Id" = 5 LIMIT 1
        Find_composite: db.Lines.Find(5L, 3)
            SELECT * FROM "Lines" AS "l" WHERE "l"."OrderId" = 5 AND "l"."Number" = 3 LIMIT 1
        Find_filtered: db.Tenants.Find(5)
            SELECT * FROM "Tenants" AS "t" WHERE ¿ AND "t"."Id" = 5 LIMIT 1
        Ids_contains: db.Orders.Where(o => _ids.Contains(o.CustomerId)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = ANY (@_ids)
        Not_ids_contains: db.Orders.Where(o => !_ids.Contains(o.CustomerId)).ToList()
            SELECT * FROM "orders" AS "o" WHERE NOT ("o"."customer_id" = ANY (@_ids) AND "o"."customer_id" = ANY (@_ids) IS NOT NULL)
        Inline_contains: db.Orders.Where(o => new[] { 1, 2, 3 }.Contains(o.CustomerId)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" IN (1, 2, 3)
        Ids_contains_value: db.Orders.Where(o => _ids.Contains(o.CouponId!.Value)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."CouponId" = ANY (@_ids) OR ("o"."CouponId" IS NULL AND array_position(@_ids, NULL) IS NOT NULL)
        Ids_contains_known: db.Orders.Where(o => o.CouponId != null && _ids.Contains(o.CouponId.Value)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."CouponId" IS NOT NULL AND "o"."CouponId" = ANY (@_ids)
        Ids_any: db.Orders.Where(o => _ids.Any(i => i == o.CustomerId)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = ANY (@_ids)
        List_contains_cast: db.Orders.Where(o => _bigs.Contains(o.CustomerId)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id"::bigint = ANY (@_bigs)
        Tags_contains: db.Orders.Where(o => o.Tags.Contains("x")).ToList()
            SELECT * FROM "orders" AS "o" WHERE 'x' = ANY ("o"."Tags")
        Tags_any_equal: db.Orders.Where(o => o.Tags.Any(t => t == _name)).ToList()
            SELECT * FROM "orders" AS "o" WHERE @_name = ANY ("o"."Tags")
        Tags_any: db.Orders.Where(o => o.Tags.Any()).ToList()
            SELECT * FROM "orders" AS "o" WHERE cardinality("o"."Tags") > 0
        Codes_contains: db.Orders.Where(o => o.Codes.Contains(_id)).ToList()
            SELECT * FROM "orders" AS "o" WHERE @_id = ANY ("o"."Codes")
        Codes_overlap: db.Orders.Where(o => o.Codes.Any(c => _ids.Contains(c))).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Codes" && @_ids
        Codes_contained: db.Orders.Where(o => o.Codes.All(c => _ids.Contains(c))).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Codes" <@ @_ids
        Tags_any_prefix: db.Orders.Where(o => o.Tags.Any(t => t.StartsWith("a"))).ToList()
            SELECT * FROM "orders" AS "o" WHERE ¿
        Tags_length: db.Orders.Where(o => o.Tags.Length > 0 && o.Codes.Count == 2).ToList()
            SELECT * FROM "orders" AS "o" WHERE cardinality("o"."Tags") > 0 AND cardinality("o"."Codes") = 2
        Tags_element: db.Orders.Where(o => o.Tags[0] == "x" && _ids.Contains(o.Codes[0])).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Tags"[1] = 'x' AND "o"."Codes"[1] = ANY (@_ids)
        Navigation_required: db.Orders.Where(o => o.Customer.Email == _name).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name
        Navigation_optional: db.Orders.Where(o => o.Coupon!.Code == _name).ToList()
            SELECT * FROM "orders" AS "o" LEFT JOIN "Coupons" AS "c" ON "o"."CouponId" = "c"."Id" WHERE "c"."Code" = @_name
        Navigation_optional_checked: db.Orders.Where(o => o.Coupon != null && o.Coupon.Code == _name).ToList()
            SELECT * FROM "orders" AS "o" LEFT JOIN "Coupons" AS "c" ON "o"."CouponId" = "c"."Id" WHERE "c"."Id" IS NOT NULL AND "c"."Code" = @_name
        Navigation_key: db.Orders.Where(o => o.Customer.Id == _id).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."Id" = @_id
        Navigation_null: db.Orders.Where(o => o.Coupon == null).ToList()
            SELECT * FROM "orders" AS "o" LEFT JOIN "Coupons" AS "c" ON "o"."CouponId" = "c"."Id" WHERE "c"."Id" IS NULL
        Navigation_twice: db.Lines.Where(l => l.Order.Customer.Email == _name).ToList()
            SELECT * FROM "Lines" AS "l" INNER JOIN "orders" AS "o" ON "l"."OrderId" = "o"."Id" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name
        Navigation_required_optional: db.Lines.Where(l => l.Order.Coupon!.Code == _name).ToList()
            SELECT * FROM "Lines" AS "l" INNER JOIN "orders" AS "o" ON "l"."OrderId" = "o"."Id" LEFT JOIN "Coupons" AS "c" ON "o"."CouponId" = "c"."Id" WHERE "c"."Code" = @_name
        Navigation_order: db.Orders.OrderBy(o => o.Customer.Email).Take(3).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" ORDER BY "c"."email" LIMIT 3
        Navigation_order_mixed: db.Lines.OrderBy(l => l.Order.Coupon!.Code).ThenBy(l => l.Order.PlacedAt).Take(3).ToList()
            SELECT * FROM "Lines" AS "l" INNER JOIN "orders" AS "o" ON "l"."OrderId" = "o"."Id" LEFT JOIN "Coupons" AS "c" ON "o"."CouponId" = "c"."Id" ORDER BY "c"."Code", "o"."PlacedAt" LIMIT 3
        Includes: db.Orders.Include(o => o.Customer).Include(o => o.Coupon).Include(o => o.Lines).ThenInclude(l => l.Product).Where(o => o.Id == 4).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" LEFT JOIN "Coupons" AS "c0" ON "o"."CouponId" = "c0"."Id" LEFT JOIN ("Lines" AS "l" INNER JOIN "Products" AS "p" ON "l"."ProductId" = "p"."Id") ON "o"."Id" = "l"."OrderId" WHERE "o"."Id" = 4
        Include_filtered: db.Customers.Include(c => c.Orders.Where(o => o.IsOpen).OrderBy(o => o.PlacedAt)).ToList()
            SELECT * FROM "shop"."customers" AS "c" LEFT JOIN "orders" AS "o" ON "c"."Id" = "o"."customer_id" AND "o"."IsOpen"
        Include_first: db.Customers.Include(c => c.Orders).First(c => c.Id == _id)
            SELECT * FROM (SELECT "c".* FROM "shop"."customers" AS "c" WHERE "c"."Id" = @_id LIMIT 1) AS "s" LEFT JOIN "orders" AS "o" ON "s"."Id" = "o"."customer_id"
        Include_many: db.Products.Include(p => p.Labels).Take(5).ToList()
            SELECT * FROM (SELECT "p".* FROM "Products" AS "p" LIMIT 5) AS "s" LEFT JOIN ("LabelProduct" AS "j" INNER JOIN "Labels" AS "l" ON "j"."LabelsId" = "l"."Id") ON "s"."Id" = "j"."ProductsId"
        Include_limited: db.Orders.Include(o => o.Lines).OrderBy(o => o.PlacedAt).Take(5).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" ORDER BY "o"."PlacedAt" LIMIT 5) AS "s" LEFT JOIN "Lines" AS "l" ON "s"."Id" = "l"."OrderId"
        Include_reference_limited: db.Orders.Include(o => o.Customer).OrderBy(o => o.PlacedAt).Take(5).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" ORDER BY "o"."PlacedAt" LIMIT 5) AS "s" INNER JOIN "shop"."customers" AS "c" ON "s"."customer_id" = "c"."Id"
        Include_reference_first: db.Orders.Include(o => o.Customer).First(o => o.Id == 3)
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "o"."Id" = 3 LIMIT 1
        Include_then_first: db.Orders.OrderByDescending(o => o.PlacedAt).Include(o => o.Lines).ThenInclude(l => l.Product).FirstOrDefault(o => o.CustomerId == _id)
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" WHERE "o"."customer_id" = @_id ORDER BY "o"."PlacedAt" DESC LIMIT 1) AS "s" LEFT JOIN ("Lines" AS "l" INNER JOIN "Products" AS "p" ON "l"."ProductId" = "p"."Id") ON "s"."Id" = "l"."OrderId"
        Include_by_name: db.Orders.Include("Lines.Product").Where(o => o.Id == 3).ToList()
            SELECT * FROM "orders" AS "o" LEFT JOIN ("Lines" AS "l" INNER JOIN "Products" AS "p" ON "l"."ProductId" = "p"."Id") ON "o"."Id" = "l"."OrderId" WHERE "o"."Id" = 3
        Children_any: db.Customers.Where(c => c.Orders.Any(o => o.Total > _money)).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE EXISTS (SELECT 1 FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id" AND "o"."Total" > @_money)
        Children_where_any: db.Customers.Where(c => c.Orders.Where(o => o.IsOpen).Any()).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE EXISTS (SELECT 1 FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id" AND "o"."IsOpen")
        Children_count: db.Customers.Where(c => c.Orders.Count() > 3).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE (SELECT count(*) FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id") > 3
        Children_count_property: db.Orders.Where(o => o.Lines.Count > 0 && o.Lines.Count(l => l.Quantity > 3) == 2).ToList()
            SELECT * FROM "orders" AS "o" WHERE EXISTS (SELECT 1 FROM "Lines" AS "l0" WHERE "o"."Id" = "l0"."OrderId") AND (SELECT count(*) FROM "Lines" AS "l1" WHERE "o"."Id" = "l1"."OrderId" AND "l1"."Quantity" > 3) = 2
        Children_all: db.Customers.Where(c => c.Orders.All(o => o.IsOpen)).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE NOT EXISTS (SELECT 1 FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id" AND NOT ("o"."IsOpen"))
        Children_none: db.Customers.Where(c => !c.Orders.Any()).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE NOT EXISTS (SELECT 1 FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id")
        Children_not_any: db.Orders.Where(o => !o.Lines.Any(l => l.Quantity > 3)).ToList()
            SELECT * FROM "orders" AS "o" WHERE NOT EXISTS (SELECT 1 FROM "Lines" AS "l" WHERE "o"."Id" = "l"."OrderId" AND "l"."Quantity" > 3)
        Children_aggregates: db.Customers.Where(c => c.Orders.Sum(o => o.Total) > 5 && c.Orders.Max(o => o.PlacedAt) < _when).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE (SELECT sum("o"."Total") FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id") > 5.0 AND (SELECT max("o0"."PlacedAt") FROM "orders" AS "o0" WHERE "c"."Id" = "o0"."customer_id") < @_when
        Children_min_average: db.Orders.Where(o => o.Lines.Max(l => l.Price) > 3 && o.Lines.Average(l => l.Quantity) > 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE (SELECT max("l"."Price") FROM "Lines" AS "l" WHERE "o"."Id" = "l"."OrderId") > 3.0 AND (SELECT avg("l0"."Quantity") FROM "Lines" AS "l0" WHERE "o"."Id" = "l0"."OrderId") > 3.0
        Children_first_member: db.Orders.Where(o => o.Lines.FirstOrDefault()!.Price > 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE (SELECT "l"."Price" FROM "Lines" AS "l" WHERE "o"."Id" = "l"."OrderId" LIMIT 1) > 3.0
        Children_first_null: db.Orders.Where(o => o.Lines.FirstOrDefault() == null).ToList()
            SELECT * FROM "orders" AS "o" WHERE NOT EXISTS (SELECT 1 FROM "Lines" AS "l" WHERE "o"."Id" = "l"."OrderId")
        Children_contains: db.Orders.Where(o => o.Lines.Select(l => l.ProductId).Contains(_id)).ToList()
            SELECT * FROM "orders" AS "o" WHERE @_id IN (SELECT "l"."ProductId" FROM "Lines" AS "l" WHERE "o"."Id" = "l"."OrderId")
        Children_navigation: db.Orders.Where(o => o.Lines.Any(l => l.Product.Sku == _name)).ToList()
            SELECT * FROM "orders" AS "o" WHERE EXISTS (SELECT 1 FROM "Lines" AS "l" INNER JOIN "Products" AS "p" ON "l"."ProductId" = "p"."Id" WHERE "o"."Id" = "l"."OrderId" AND "p"."Sku" = @_name)
        Children_of_parent: db.Orders.Where(o => o.Customer.Orders.Any(p => p.IsOpen)).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE EXISTS (SELECT 1 FROM "orders" AS "o0" WHERE "c"."Id" = "o0"."customer_id" AND "o0"."IsOpen")
        Many_to_many_any: db.Products.Where(p => p.Labels.Any(l => l.Name == _name)).ToList()
            SELECT * FROM "Products" AS "p" WHERE EXISTS (SELECT 1 FROM "LabelProduct" AS "j" INNER JOIN "Labels" AS "l" ON "j"."LabelsId" = "l"."Id" WHERE "p"."Id" = "j"."ProductsId" AND "l"."Name" = @_name)
        Many_to_many_select: db.Products.SelectMany(p => p.Labels).Where(l => l.Name == _name).ToList()
            SELECT * FROM "Products" AS "p" INNER JOIN ("LabelProduct" AS "j" INNER JOIN "Labels" AS "l" ON "j"."LabelsId" = "l"."Id") ON "p"."Id" = "j"."ProductsId" WHERE "l"."Name" = @_name
        Projection_of_children: db.Customers.Select(c => new { c.Id, N = c.Orders.Count(o => o.IsOpen) }).ToList()
            SELECT (SELECT count(*) FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id" AND "o"."IsOpen") FROM "shop"."customers" AS "c"
        Projection_of_last_child: db.Customers.Select(c => new { c.Id, Last = c.Orders.OrderByDescending(o => o.PlacedAt).FirstOrDefault() }).ToList()
            SELECT * FROM "shop"."customers" AS "c"
        Projection_of_list: db.Customers.Select(c => new { c.Id, L = c.Orders.Where(o => o.IsOpen).ToList() }).ToList()
            SELECT * FROM "shop"."customers" AS "c" LEFT JOIN "orders" AS "o" ON "c"."Id" = "o"."customer_id" AND "o"."IsOpen"
        Projection_of_list_limited: db.Customers.OrderBy(c => c.Email).Take(5).Select(c => new { c.Id, L = c.Orders.Where(o => o.IsOpen).ToList() }).ToList()
            SELECT * FROM (SELECT "c".* FROM "shop"."customers" AS "c" ORDER BY "c"."email" LIMIT 5) AS "s" LEFT JOIN "orders" AS "o" ON "s"."Id" = "o"."customer_id" AND "o"."IsOpen"
        Projection_filtered: db.Orders.Select(o => new { o.Id, Mail = o.Customer.Email, o.Total }).Where(x => x.Mail == _name).OrderBy(x => x.Total).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name ORDER BY "o"."Total"
        Projection_class: db.Orders.Select(o => new OrderDto { Id = o.Id, Email = o.Customer.Email, Total = o.Total }).Where(x => x.Email == _name).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name
        Projection_record: db.Orders.Where(o => o.CustomerId == _id).Select(o => new OrderRow(o.Id, o.Total)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = @_id
        Projection_entity: db.Orders.Select(o => o.Customer).Where(c => c.Email == _name).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name
        Projection_limited: db.Orders.Select(o => new { o, o.Customer }).Take(5).Where(x => x.Customer.Email == _name).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" LIMIT 5) AS "s" INNER JOIN "shop"."customers" AS "c" ON "s"."customer_id" = "c"."Id" WHERE "c"."email" = @_name
        Projection_first: db.Orders.Where(o => o.Customer.Email == _name).Select(o => o.Coupon!.Code).FirstOrDefault()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" LEFT JOIN "Coupons" AS "c0" ON "o"."CouponId" = "c0"."Id" WHERE "c"."email" = @_name LIMIT 1
        Projection_value_first: db.Orders.Select(o => o.Customer.Email).FirstOrDefault(e => e == _name)
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name LIMIT 1
        Projection_offset: db.Orders.OrderBy(o => o.PlacedAt).Select(o => o.Id).Skip(5).FirstOrDefault()
            SELECT * FROM "orders" AS "o" ORDER BY "o"."PlacedAt" LIMIT 1 OFFSET 5
        Starts_with_constant: db.Orders.Where(o => o.Note.StartsWith("abc")).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Note" LIKE 'abc%'
        Starts_with_variable: db.Orders.Where(o => o.Note.StartsWith(_name)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Note" LIKE @_name_startswith
        Not_starts_with: db.Orders.Where(o => !o.Note.StartsWith("x") && !(o.PaidAt == null) && !o.CouponId.HasValue).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Note" NOT LIKE 'x%' AND "o"."PaidAt" IS NOT NULL AND "o"."CouponId" IS NULL
        Contains_escaped: db.Orders.Where(o => o.Note.Contains("a%b")).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Note" LIKE '%a\%b%'
        Contains_or_ends: db.Orders.Where(o => o.Note.Contains(_name) || o.Note.EndsWith("z") || o.Note.EndsWith(_name)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Note" LIKE @_name_contains OR "o"."Note" LIKE '%z' OR "o"."Note" LIKE @_name_endswith
        Starts_with_column: db.Orders.Where(o => o.Note.StartsWith(o.Customer.Email)).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE left("o"."Note", length("c"."email")) = "c"."email"
        Lower: db.Customers.Where(c => c.Email.ToLower() == _name.ToLower()).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE lower("c"."email") = @p
        Upper_contains: db.Orders.Where(o => o.Note.ToUpper().Contains("X")).ToList()
            SELECT * FROM "orders" AS "o" WHERE upper("o"."Note") LIKE '%X%'
        Null_or_empty: db.Customers.Where(c => string.IsNullOrEmpty(c.Phone)).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Phone" IS NULL OR "c"."Phone" = ''
        Null_or_white: db.Customers.Where(c => string.IsNullOrWhiteSpace(c.Phone) || string.IsNullOrEmpty(c.Email)).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Phone" IS NULL OR btrim("c"."Phone", E' \t\n\r') = '' OR "c"."email" = ''
        Nullable_text_equal: db.Customers.Where(c => c.Phone == _maybeName).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Phone" = @_maybeName
        Nullable_text_unequal: db.Customers.Where(c => c.Phone != "5" && c.Email != _name).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE ("c"."Phone" <> '5' OR "c"."Phone" IS NULL) AND "c"."email" <> @_name
        Text_functions: db.Customers.Where(c => c.Email.Trim() == "a" && c.Email.Substring(0, 3) == "abc" && c.Email.Length > 3 && c.Email.Replace("a", "b") == "c").ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE btrim("c"."email", E' \t\n\r') = 'a' AND substring("c"."email", 1, 3) = 'abc' AND length("c"."email")::int > 3 AND replace("c"."email", 'a', 'b') = 'c'
        Like: db.Customers.Where(c => EF.Functions.ILike(c.Email, "%x") && EF.Functions.Like(c.Email, _name)).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."email" ILIKE '%x' AND "c"."email" LIKE @_name ESCAPE ''
        Compare_text: db.Customers.Where(c => string.Compare(c.Email, _name) > 0 && c.Email.CompareTo("x") <= 0).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."email" > @_name AND "c"."email" <= 'x'
        Equals_text: db.Customers.Where(c => c.Email.Equals(_name) && string.Equals(c.Phone, "x")).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."email" = @_name AND "c"."Phone" = 'x'
        Text_of_value: db.Customers.Where(c => c.Age.ToString() == _name && c.Token.ToString() == "x").ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Age"::text = @_name AND "c"."Token"::text = 'x'
        Concatenation: db.Orders.Where(o => o.Note + "x" == _name && o.Customer.Phone + o.Note == _name).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE ("o"."Note" || 'x') = @_name AND (COALESCE("c"."Phone", '') || "o"."Note") = @_name
        Two_nullable_texts: db.Customers.Where(c => c.Phone == c.Email || c.Phone != c.Email).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Phone" = "c"."email" OR "c"."Phone" <> "c"."email" OR "c"."Phone" IS NULL
        Now: db.Orders.Where(o => o.PlacedAt > DateTime.UtcNow).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."PlacedAt" > now()
        Now_minus: db.Orders.Where(o => o.PlacedAt > DateTime.UtcNow.AddDays(-7)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."PlacedAt" > (now() + INTERVAL '-7 days')
        Now_variable: db.Orders.Where(o => o.PlacedAt > DateTime.UtcNow.AddDays(-_days) && o.PlacedAt.AddHours(3) > _when && o.PlacedAt > DateTime.UtcNow - TimeSpan.FromDays(3)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."PlacedAt" > (now() + CAST(@p::text || ' days' AS interval)) AND ("o"."PlacedAt" + INTERVAL '3 hours') > @_when AND "o"."PlacedAt" > (now() - @p0)
        Day_of: db.Orders.Where(o => o.PlacedAt.Date == _when.Date).ToList()
            SELECT * FROM "orders" AS "o" WHERE date_trunc('day', "o"."PlacedAt", 'UTC') = @_when_Date
        Parts_of_date: db.Orders.Where(o => o.PlacedAt.Year == 2024 && o.PlacedAt.Month == 3 && o.Day.Year == 2024).ToList()
            SELECT * FROM "orders" AS "o" WHERE date_part('year', "o"."PlacedAt" AT TIME ZONE 'UTC')::int = 2024 AND date_part('month', "o"."PlacedAt" AT TIME ZONE 'UTC')::int = 3 AND date_part('year', "o"."Day")::int = 2024
        Null_checks: db.Orders.Where(o => o.PaidAt == null && o.CouponId.HasValue && o.PaidAt != null).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."PaidAt" IS NULL AND "o"."CouponId" IS NOT NULL AND "o"."PaidAt" IS NOT NULL
        Nullable_dates: db.Orders.Where(o => o.PaidAt!.Value > _when && o.PaidAt > _when && o.PaidAt.Value.Date == _when).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."PaidAt" > @_when AND "o"."PaidAt" > @_when AND date_trunc('day', "o"."PaidAt", 'UTC') = @_when
        Nullable_or: db.Orders.Where(o => o.PaidAt >= _when || o.CouponId >= _maybe).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."PaidAt" >= @_when OR "o"."CouponId" >= @_maybe
        Date_only: db.Orders.Where(o => o.Day == DateOnly.FromDateTime(_when) && DateOnly.FromDateTime(o.PlacedAt) == o.Day).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Day" = @p AND CAST("o"."PlacedAt" AT TIME ZONE 'UTC' AS date) = "o"."Day"
        Date_constants: db.Orders.Where(o => o.PlacedAt >= new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc) && o.Day < new DateOnly(2024, 1, 1)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."PlacedAt" >= @p AND "o"."Day" < @p0
        Time_spans: db.Orders.Where(o => DateTime.UtcNow - o.PlacedAt > TimeSpan.FromDays(3)).ToList()
            SELECT * FROM "orders" AS "o" WHERE (now() - "o"."PlacedAt") > @p
        Numeric_casts: db.Orders.Where(o => o.Id == _money && o.Total == _id && o.CustomerId == _big && o.Weight > _id).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Id"::numeric = @_money AND "o"."Total" = @_id AND "o"."customer_id"::bigint = @_big AND "o"."Weight" > @_id
        Small_numbers: db.Customers.Where(c => c.Rank == _small && c.Rank == 3 && c.Rank == _id && c.Age == _small && c.Age == _big).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Rank" = @_small AND "c"."Rank" = 3 AND "c"."Rank" = @_id AND "c"."Age" = @_small AND "c"."Age"::bigint = @_big
        Enums: db.Orders.Where(o => (int)o.State == 1 && o.State == _state && o.State > OrderState.New).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."State" = 1 AND "o"."State" = @_state AND "o"."State" > 0
        Enum_text: db.Customers.Where(c => c.Channel == Channel.Phone).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Channel" = 'Phone'
        Enum_text_list: db.Customers.Where(c => new[] { Channel.Phone, Channel.Web }.Contains(c.Channel)).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Channel" IN ('Phone', 'Web')
        Arithmetic: db.Orders.Where(o => o.Total * 2 > 10 && o.CustomerId + 1 == _id && o.CustomerId % 2 == 0 && -o.CustomerId == 3 && (o.CustomerId & 4) == 4).ToList()
            SELECT * FROM "orders" AS "o" WHERE ("o"."Total" * 2.0) > 10.0 AND ("o"."customer_id" + 1) = @_id AND ("o"."customer_id" % 2) = 0 AND (-"o"."customer_id") = 3 AND ("o"."customer_id" & 4) = 4
        Coalesce_and_choice: db.Orders.Where(o => (o.CouponId ?? 0) == _id && (o.IsOpen ? o.Total : 0) > 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE COALESCE("o"."CouponId", 0) = @_id AND CASE WHEN "o"."IsOpen" THEN "o"."Total" ELSE 0.0 END > 3.0
        Nullable_numbers: db.Orders.Where(o => o.CouponId == _id && o.CouponId != _id && o.CouponId > 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."CouponId" = @_id AND ("o"."CouponId" <> @_id OR "o"."CouponId" IS NULL) AND "o"."CouponId" > 3
        Booleans: db.Orders.Where(o => o.Flagged == true && o.Flagged != true && o.Flagged!.Value && o.IsOpen == _flag && o.IsOpen == false).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Flagged" AND ("o"."Flagged" <> TRUE OR "o"."Flagged" IS NULL) AND "o"."Flagged" AND "o"."IsOpen" = @_flag AND NOT ("o"."IsOpen")
        Not_booleans: db.Orders.Where(o => !(o.Flagged == true) && !o.Flagged!.Value).ToList()
            SELECT * FROM "orders" AS "o" WHERE ("o"."Flagged" <> TRUE OR "o"."Flagged" IS NULL) AND NOT ("o"."Flagged")
        Not_or: db.Orders.Where(o => !(o.CustomerId == _id || o.Total > 5) && !(o.CouponId == 3)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" <> @_id AND "o"."Total" <= 5.0 AND ("o"."CouponId" <> 3 OR "o"."CouponId" IS NULL)
        Not_and: db.Orders.Where(o => !(o.IsOpen && o.Total > 3)).ToList()
            SELECT * FROM "orders" AS "o" WHERE NOT ("o"."IsOpen") OR "o"."Total" <= 3.0
        Not_nullable_range: db.Orders.Where(o => !(o.CouponId > 3) && !(o.Total > 3) && !(o.PaidAt < _when)).ToList()
            SELECT * FROM "orders" AS "o" WHERE CASE WHEN "o"."CouponId" > 3 THEN FALSE ELSE TRUE END AND "o"."Total" <= 3.0 AND CASE WHEN "o"."PaidAt" < @_when THEN FALSE ELSE TRUE END
        Program_or: db.Orders.Where(o => _flag || o.CustomerId == _id).ToList()
            SELECT * FROM "orders" AS "o" WHERE ¿
        Program_null_or: db.Orders.Where(o => _name == null || o.Note == _name).ToList()
            SELECT * FROM "orders" AS "o" WHERE ¿
        Program_and: db.Orders.Where(o => _flag && o.CustomerId == _id).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = @_id
        Mathematics: db.Orders.Where(o => Math.Abs(o.Total) > 3 && Math.Round(o.Weight) == 2 && Math.Floor(o.Total) == 3 && Math.Max(o.CustomerId, 3) == 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE abs("o"."Total") > 3.0 AND round("o"."Weight") = 2.0 AND floor("o"."Total") = 3.0 AND GREATEST("o"."customer_id", 3) = 3
        Guids_and_equals: db.Customers.Where(c => c.Token == Guid.Empty && c.Age.Equals(3) && c.Age == _id + 1).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."Token" = @Empty AND "c"."Age" = 3 AND "c"."Age" = @p
        Two_columns: db.Orders.Where(o => o.CouponId == o.CustomerId && o.Id < o.CustomerId).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."CouponId" = "o"."customer_id" AND "o"."Id" < "o"."customer_id"::bigint
        Two_tables: db.Orders.Where(o => o.Note == o.Customer.Email && o.CustomerId == o.Customer.Age).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "o"."Note" = "c"."email" AND "o"."customer_id" = "c"."Age"
        Model_property: db.Orders.Where(o => EF.Property<int>(o, "CustomerId") == _id && EF.Property<string>(o, "Note") == _name).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = @_id AND "o"."Note" = @_name
        Turned_comparisons: db.Orders.Where(o => 5 == o.CustomerId && _id < o.CustomerId && null == o.PaidAt).ToList()
            SELECT * FROM "orders" AS "o" WHERE 5 = "o"."customer_id" AND @_id < "o"."customer_id" AND "o"."PaidAt" IS NULL
        Choice_as_condition: db.Orders.Where(o => o.CouponId == null ? o.IsOpen : o.Total > 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE CASE WHEN "o"."CouponId" IS NULL THEN "o"."IsOpen" ELSE "o"."Total" > 3.0 END
        Exclusive_or: db.Orders.Where(o => true).Where(o => o.IsOpen ^ _flag).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."IsOpen" <> @_flag
        Not_contains_compared: db.Orders.Where(o => _ids.Contains(o.CustomerId) == false && o.Note.Contains("x") == true).ToList()
            SELECT * FROM "orders" AS "o" WHERE NOT ("o"."customer_id" = ANY (@_ids) AND "o"."customer_id" = ANY (@_ids) IS NOT NULL) AND "o"."Note" LIKE '%x%'
        Document_member: db.Orders.Where(o => o.Data.RootElement.GetProperty("kind").GetString() == "x" && o.Data.RootElement.GetProperty("n").GetInt32() > 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE ("o"."Data" ->> 'kind') = 'x' AND CAST("o"."Data" ->> 'n' AS integer) > 3
        Document_flag: db.Orders.Where(o => o.Data.RootElement.GetProperty("kind").GetString() == _name && o.Data.RootElement.GetProperty("b").GetBoolean()).ToList()
            SELECT * FROM "orders" AS "o" WHERE ("o"."Data" ->> 'kind') = @_name AND CAST("o"."Data" ->> 'b' AS boolean)
        Document_path: db.Orders.Where(o => o.Data.RootElement.GetProperty("a").GetProperty("b").GetString() == "x").ToList()
            SELECT * FROM "orders" AS "o" WHERE ("o"."Data" #>> '{a,b}') = 'x'
        Document_class: db.Orders.Where(o => o.Extra.Kind == "x" && o.Extra.Count > 3).ToList()
            SELECT * FROM "orders" AS "o" WHERE ("o"."Extra" ->> 'Kind') = 'x' AND CAST("o"."Extra" ->> 'Count' AS integer) > 3
        Document_owned: db.Customers.Where(c => c.Profile.City == _name && c.Profile.Level > 3).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE ("c"."profile" ->> 'City') = @_name AND CAST("c"."profile" ->> 'Level' AS integer) > 3
        Document_functions: db.Orders.Where(o => EF.Functions.JsonContains(o.Data, _json) && EF.Functions.JsonExists(o.Data, "k") && EF.Functions.JsonContained("{}", o.Data)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Data" @> @_json AND "o"."Data" ? 'k' AND '{}' <@ "o"."Data"
        Owned_inline: db.Customers.Where(c => c.Home.City == _name).ToList()
            SELECT * FROM "shop"."customers" AS "c" WHERE "c"."home_city" = @_name
        Query_join: (from o in db.Orders join c in db.Customers on o.CustomerId equals c.Id where c.Email == _name orderby o.PlacedAt descending select new { o, c.Email }).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name ORDER BY "o"."PlacedAt" DESC
        Query_left_join: (from o in db.Orders join l in db.Lines on o.Id equals l.OrderId into ls from l in ls.DefaultIfEmpty() where o.Id == 3 select new { o, l }).ToList()
            SELECT * FROM "orders" AS "o" LEFT JOIN "Lines" AS "l" ON "o"."Id" = "l"."OrderId" WHERE "o"."Id" = 3
        Query_children: (from o in db.Orders from l in o.Lines where l.Quantity > 3 select l).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "Lines" AS "l" ON "o"."Id" = "l"."OrderId" WHERE "l"."Quantity" > 3
        Query_cross: (from o in db.Orders from c in db.Customers where o.CustomerId == c.Id select new { o.Id, c.Email }).ToList()
            SELECT * FROM "orders" AS "o" CROSS JOIN "shop"."customers" AS "c" WHERE "o"."customer_id" = "c"."Id"
        Query_correlated_left: (from c in db.Customers from o in db.Orders.Where(o => o.CustomerId == c.Id && o.IsOpen).DefaultIfEmpty() where o.Total > 3 select new { c, o }).ToList()
            SELECT * FROM "shop"."customers" AS "c" LEFT JOIN "orders" AS "o" ON "o"."customer_id" = "c"."Id" AND "o"."IsOpen" WHERE "o"."Total" > 3.0
        Query_children_limited: (from c in db.Customers from o in c.Orders.OrderBy(x => x.PlacedAt).Take(3) select o).ToList()
            SELECT * FROM "shop"."customers" AS "c" INNER JOIN LATERAL (SELECT "o".* FROM "orders" AS "o" WHERE "c"."Id" = "o"."customer_id" AND ¿ ORDER BY "o"."PlacedAt" LIMIT 3) AS "s" ON ¿
        Query_let: (from o in db.Orders let m = o.Customer.Email where m == _name orderby o.Total select m).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "c"."email" = @_name ORDER BY "o"."Total"
        Select_many: db.Customers.SelectMany(c => c.Orders).Where(o => o.IsOpen).ToList()
            SELECT * FROM "shop"."customers" AS "c" INNER JOIN "orders" AS "o" ON "c"."Id" = "o"."customer_id" WHERE "o"."IsOpen"
        Select_many_twice: db.Customers.Where(c => c.Id == 3).SelectMany(c => c.Orders).SelectMany(o => o.Lines).Where(l => l.Quantity > 3).OrderBy(l => l.Price).Take(3).ToList()
            SELECT * FROM "shop"."customers" AS "c" INNER JOIN "orders" AS "o" ON "c"."Id" = "o"."customer_id" INNER JOIN "Lines" AS "l" ON "o"."Id" = "l"."OrderId" WHERE "c"."Id" = 3 AND "l"."Quantity" > 3 ORDER BY "l"."Price" LIMIT 3
        Select_many_result: db.Customers.SelectMany(c => c.Orders, (c, o) => new { c.Email, o.Total }).Where(x => x.Total > 3).ToList()
            SELECT * FROM "shop"."customers" AS "c" INNER JOIN "orders" AS "o" ON "c"."Id" = "o"."customer_id" WHERE "o"."Total" > 3.0
        Group_join: db.Customers.GroupJoin(db.Orders, c => c.Id, o => o.CustomerId, (c, os) => new { c, os }).SelectMany(x => x.os.DefaultIfEmpty(), (x, o) => new { x.c, o }).Where(x => x.o!.IsOpen).ToList()
            SELECT * FROM "shop"."customers" AS "c" LEFT JOIN "orders" AS "o" ON "c"."Id" = "o"."customer_id" WHERE "o"."IsOpen"
        Left_join: db.Orders.LeftJoin(db.Coupons, o => o.CouponId, c => c.Id, (o, c) => new { o, c }).Where(x => x.c!.Code == _name).ToList()
            SELECT * FROM "orders" AS "o" LEFT JOIN "Coupons" AS "c" ON "o"."CouponId" = "c"."Id" WHERE "c"."Code" = @_name
        Join_composite: db.Orders.Join(db.Lines, o => new { A = o.Id, B = 3 }, l => new { A = l.OrderId, B = l.Number }, (o, l) => l).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "Lines" AS "l" ON "o"."Id" = "l"."OrderId" AND 3 = "l"."Number"
        Join_filtered: db.Orders.Join(db.Customers.Where(c => c.Age > 3), o => o.CustomerId, c => c.Id, (o, c) => new { o, c }).Where(x => x.o.IsOpen).ToList()
            SELECT * FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" AND "c"."Age" > 3 WHERE "o"."IsOpen"
        Group_having: db.Orders.GroupBy(o => o.CustomerId).Select(g => new { g.Key, N = g.Count() }).Where(x => x.N > 3).OrderBy(x => x.N).Take(3).ToList()
            SELECT 1 FROM "orders" AS "o" GROUP BY "o"."customer_id" HAVING count(*)::int > 3 ORDER BY count(*)::int LIMIT 3
        Group_key: db.Orders.Where(o => o.IsOpen).GroupBy(o => o.CustomerId).Where(g => g.Key > 3).Select(g => g.Max(o => o.Total)).ToList()
            SELECT 1 FROM "orders" AS "o" WHERE "o"."IsOpen" GROUP BY "o"."customer_id" HAVING "o"."customer_id" > 3
        Group_result: db.Orders.GroupBy(o => new { o.CustomerId, o.State }, (k, g) => new { k.State, S = g.Sum(x => x.Total) }).ToList()
            SELECT 1 FROM "orders" AS "o" GROUP BY "o"."customer_id", "o"."State"
        Group_navigation: db.Orders.GroupBy(o => o.Customer.Email).Select(g => g.Key).ToList()
            SELECT 1 FROM "orders" AS "o" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" GROUP BY "c"."email"
        Distinct_value: db.Orders.Select(o => o.CustomerId).Distinct().OrderBy(x => x).Take(4).ToList()
            SELECT * FROM (SELECT DISTINCT "o"."customer_id" AS "c0" FROM "orders" AS "o") AS "s" ORDER BY "s"."c0" LIMIT 4
        Distinct_where: db.Orders.Distinct().Where(o => o.IsOpen).ToList()
            SELECT DISTINCT * FROM "orders" AS "o" WHERE "o"."IsOpen"
        Union: db.Orders.Where(o => o.IsOpen).Union(db.Orders.Where(o => o.Total > 3)).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" WHERE "o"."IsOpen" UNION SELECT "o0".* FROM "orders" AS "o0" WHERE "o0"."Total" > 3.0) AS "u"
        Union_limited: db.Orders.Union(db.Orders.Where(o => o.IsOpen)).OrderBy(o => o.Id).Take(3).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" UNION SELECT "o0".* FROM "orders" AS "o0" WHERE "o0"."IsOpen") AS "u" ORDER BY "u"."Id" LIMIT 3
        Intersect: db.Orders.Where(o => o.IsOpen).Intersect(db.Orders.Where(o => o.Total > 3)).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" WHERE "o"."IsOpen" INTERSECT SELECT "o0".* FROM "orders" AS "o0" WHERE "o0"."Total" > 3.0) AS "u"
        Concat_filtered: db.Coupons.Concat(db.Coupons.Where(c => c.Percent > 3)).Where(c => c.Code == _name).ToList()
            SELECT * FROM (SELECT "c".* FROM "Coupons" AS "c" UNION ALL SELECT "c0".* FROM "Coupons" AS "c0" WHERE "c0"."Percent" > 3.0) AS "u" WHERE "u"."Code" = @_name
        Subquery_any: db.Orders.Where(o => db.Customers.Any(c => c.Id == o.CustomerId && c.Email == _name)).ToList()
            SELECT * FROM "orders" AS "o" WHERE EXISTS (SELECT 1 FROM "shop"."customers" AS "c" WHERE "c"."Id" = "o"."customer_id" AND "c"."email" = @_name)
        Subquery_contains: db.Orders.Where(o => db.Customers.Where(c => c.Age > 3).Select(c => c.Id).Contains(o.CustomerId)).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" IN (SELECT "c"."Id" FROM "shop"."customers" AS "c" WHERE "c"."Age" > 3)
        Subquery_nullable: db.Orders.Where(o => db.Orders.Any(p => p.CouponId == o.CouponId && p.PaidAt != o.PaidAt)).ToList()
            SELECT * FROM "orders" AS "o" WHERE EXISTS (SELECT 1 FROM "orders" AS "o0" WHERE ("o0"."CouponId" = "o"."CouponId" OR ("o0"."CouponId" IS NULL AND "o"."CouponId" IS NULL)) AND ("o0"."PaidAt" <> "o"."PaidAt" OR "o0"."PaidAt" IS NULL OR "o"."PaidAt" IS NULL) AND ("o0"."PaidAt" IS NOT NULL OR "o"."PaidAt" IS NOT NULL))
        Subquery_filtered: db.Tenants.Where(t => db.Tenants.Any(u => u.Slug == t.Slug)).ToList()
            SELECT * FROM "Tenants" AS "t" WHERE ¿ AND EXISTS (SELECT 1 FROM "Tenants" AS "t0" WHERE ¿ AND "t0"."Slug" = "t"."Slug")
        Limited_filtered: db.Orders.OrderBy(o => o.Id).Take(5).Where(o => o.IsOpen).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" ORDER BY "o"."Id" LIMIT 5) AS "s" WHERE "s"."IsOpen"
        Limited_counted: db.Orders.Where(o => o.CustomerId == _id).OrderBy(o => o.PlacedAt).Take(10).Count()
            SELECT count(*) FROM (SELECT "o".* FROM "orders" AS "o" WHERE "o"."customer_id" = @_id ORDER BY "o"."PlacedAt" LIMIT 10) AS "s"
        Limited_any: db.Orders.Where(o => o.CustomerId == _id).Take(10).Any(o => o.IsOpen)
            SELECT EXISTS (SELECT 1 FROM (SELECT "o".* FROM "orders" AS "o" WHERE "o"."customer_id" = @_id LIMIT 10) AS "s" WHERE "s"."IsOpen")
        Limited_included: db.Orders.Where(o => o.IsOpen).Skip(3).Take(5).Include(o => o.Coupon).Where(o => o.Total > 3).ToList()
            SELECT * FROM (SELECT "o".* FROM "orders" AS "o" WHERE "o"."IsOpen" LIMIT 5 OFFSET 3) AS "s" LEFT JOIN "Coupons" AS "c" ON "s"."CouponId" = "c"."Id" WHERE "s"."Total" > 3.0
        Ordered_counted: db.Orders.OrderBy(o => o.Total).Count(o => o.IsOpen)
            SELECT count(*) FROM "orders" AS "o" WHERE "o"."IsOpen"
        Ordered_again: db.Orders.OrderBy(o => o.Total).Where(o => o.IsOpen).OrderBy(o => o.PlacedAt).FirstOrDefault()
            SELECT * FROM "orders" AS "o" WHERE "o"."IsOpen" ORDER BY "o"."PlacedAt" LIMIT 1
        Ordered_by_expressions: db.Orders.OrderBy(o => o.Note.ToLower()).ThenBy(o => o.CouponId ?? 0).Take(3).ToList()
            SELECT * FROM "orders" AS "o" ORDER BY lower("o"."Note"), COALESCE("o"."CouponId", 0) LIMIT 3
        Reversed: db.Orders.OrderBy(o => o.Id).Reverse().Take(5).ToList()
            SELECT * FROM "orders" AS "o" ORDER BY "o"."Id" DESC LIMIT 5
        Element_at: db.Orders.OrderBy(o => o.PlacedAt).ElementAt(5)
            SELECT * FROM "orders" AS "o" ORDER BY "o"."PlacedAt" LIMIT 1 OFFSET @p
        Maximum: db.Orders.Max(o => o.PlacedAt)
            SELECT max("o"."PlacedAt") FROM "orders" AS "o"
        Sum: db.Orders.Where(o => o.CustomerId == _id).Sum(o => o.Total)
            SELECT sum("o"."Total") FROM "orders" AS "o" WHERE "o"."customer_id" = @_id
        Contains_value: db.Orders.Select(o => o.Id).Contains(5)
            SELECT 5 IN (SELECT "o"."Id" FROM "orders" AS "o")
        Delete: db.Orders.Where(o => o.CustomerId == _id).ExecuteDelete()
            DELETE FROM "orders" AS "o" WHERE "o"."customer_id" = @_id
        Delete_joined: db.Orders.Where(o => o.Customer.Email == _name).ExecuteDelete()
            DELETE FROM "orders" AS "o" USING "shop"."customers" AS "c" WHERE "o"."customer_id" = "c"."Id" AND "c"."email" = @_name
        Delete_limited: db.Orders.OrderBy(o => o.Id).Take(5).ExecuteDelete()
            DELETE FROM "orders" AS "o0" WHERE "o0"."Id" IN (SELECT "o"."Id" FROM "orders" AS "o" ORDER BY "o"."Id" LIMIT 5)
        Delete_children: db.Orders.Where(o => o.Lines.Any(l => l.Quantity == 0)).ExecuteDelete()
            DELETE FROM "orders" AS "o" WHERE EXISTS (SELECT 1 FROM "Lines" AS "l" WHERE "o"."Id" = "l"."OrderId" AND "l"."Quantity" = 0)
        Update: db.Orders.Where(o => o.CustomerId == _id).ExecuteUpdate(s => s.SetProperty(o => o.Total, 3m))
            UPDATE "orders" AS "o" SET "Total" = @p WHERE "o"."customer_id" = @_id
        Update_joined: db.Orders.Where(o => o.Customer.Email == _name).ExecuteUpdate(s => s.SetProperty(o => o.Note, o => o.Note + "x"))
            UPDATE "orders" AS "o" SET "Note" = @p FROM "shop"."customers" AS "c" WHERE "o"."customer_id" = "c"."Id" AND "c"."email" = @_name
        Derived_of_type: db.Animals.OfType<Cat>().Where(c => c.Lives > 3).ToList()
            SELECT * FROM "Animals" AS "a" WHERE ¿ AND "a"."Lives" > 3
        Derived_set: db.Set<Dog>().Where(c => c.Breed == _name).ToList()
            SELECT * FROM "Animals" AS "d" WHERE ¿ AND "d"."Breed" = @_name
        Derived_test: db.Animals.Where(a => a is Cat && a.Name == _name).ToList()
            SELECT * FROM "Animals" AS "a" WHERE ¿ AND "a"."Name" = @_name
        Base_set: db.Animals.Where(a => a.Name == _name).ToList()
            SELECT * FROM "Animals" AS "a" WHERE "a"."Name" = @_name
        Filtered_set: db.Tenants.Where(t => t.Slug == _name).ToList()
            SELECT * FROM "Tenants" AS "t" WHERE ¿ AND "t"."Slug" = @_name
        Filtered_set_ignored: db.Tenants.IgnoreQueryFilters().Where(t => t.Slug == _name).ToList()
            SELECT * FROM "Tenants" AS "t" WHERE "t"."Slug" = @_name
        Tagged: db.Orders.TagWith("hi").AsNoTracking().Where(o => o.Id == 1).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."Id" = 1
        Own_extension: db.Orders.Open().Where(o => o.CustomerId == _id).ToList()
            SELECT * FROM "orders" AS "o" WHERE "o"."IsOpen" AND "o"."customer_id" = @_id
        Own_method: OfCustomer(db, _id).OrderBy(o => o.PlacedAt).Take(5).ToListAsync()
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = @id ORDER BY "o"."PlacedAt" LIMIT 5
        Own_method_of_more: Two(db).ToListAsync()
            -
        Include_split: db.Orders.Include(o => o.Lines).Include(o => o.Customer).AsSplitQuery().Where(o => o.Id == 3).ToList()
            SELECT * FROM "orders" AS "o" LEFT JOIN "Lines" AS "l" ON "o"."Id" = "l"."OrderId" INNER JOIN "shop"."customers" AS "c" ON "o"."customer_id" = "c"."Id" WHERE "o"."Id" = 3
        Raw_text: db.Orders.FromSqlRaw("SELECT * FROM orders").Where(o => o.IsOpen).ToList()
            -
        In_memory: _ids.Where(i => i > 3).ToList()
            -
        Client_after: db.Orders.Where(o => o.IsOpen).AsEnumerable().Select(o => o.Id.ToString()).ToList()
            -
        Asynchronous: db.Orders.FirstOrDefaultAsync(o => o.CustomerId == _id)
            SELECT * FROM "orders" AS "o" WHERE "o"."customer_id" = @_id LIMIT 1
        """;

    private static readonly Lazy<Dictionary<string, (string Expected, LinqRead Read)>> s_read = new(Read);

    private sealed record LinqRead(string Text, DbSafety.Analyzers.Calls.LinqSql? Query);

    public static TheoryData<string> Names => [.. Lines().Select(line => line.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_query_is_read(string name)
    {
        var (expected, read) = s_read.Value[name];
        Assert.Equal(expected, read.Text);
        Assert.Empty(read.Query?.Tree.Errors ?? []);
    }

    [Theory]
    [InlineData("Navigation_required", "\"c\".\"email\" = @_name", "o.Customer.Email == _name")]
    [InlineData("Not_flag_enum_sorted_paged", "\"o\".\"PlacedAt\"", "o.PlacedAt")]
    [InlineData("Children_any", "\"o\".\"Total\" > @_money", "o.Total > _money")]
    [InlineData("Query_join", "\"o\".\"customer_id\" = \"c\".\"Id\"", "c.Id")]
    public void A_part_of_the_text_is_found_in_the_source(string name, string sql, string source)
    {
        var query = s_read.Value[name].Read.Query!;
        var span = new SqlSpan(query.Source.Text.IndexOf(sql, StringComparison.Ordinal), sql.Length);
        Assert.Equal(source, query.NodeAt(span).ToString());
        Assert.Equal(query.NodeAt(span).Span, query.Locate(span).SourceSpan);
    }

    private static IEnumerable<(string Name, string Query, string Expected)> Lines()
    {
        var lines = Cases.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            var colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            yield return (lines[i][..colon], lines[i][(colon + 2)..], lines[i + 1]);
        }
    }

    private static Dictionary<string, (string Expected, LinqRead Read)> Read()
    {
        using var reader = new StreamReader(typeof(LinqSqlTests).Assembly.GetManifestResourceStream("Shop.cs")!);
        var source = Fields + string.Join("\n", Lines().Select(line => $"    public static object? {line.Name}(ShopContext db) => {line.Query};")) + "\n}";
        var compilation = Code.Compile(source, References.Newest, reader.ReadToEnd());
        var facts = DbFacts.For(compilation, new AnalyzerOptions([]))!;
        var tree = compilation.SyntaxTrees.Last();
        var model = compilation.GetSemanticModel(tree);
        var methods = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().ToDictionary(method => method.Identifier.ValueText);
        return Lines().ToDictionary(line => line.Name, line =>
        {
            var query = methods[line.Name].DescendantNodes().Select(node => model.GetOperation(node)).OfType<IOperation>().Select(facts.LinqOf).FirstOrDefault(found => found is not null);
            return (line.Expected, new LinqRead(query?.Source.Text.Replace(SqlSource.HoleMark, '¿') ?? "-", query));
        });
    }
}
